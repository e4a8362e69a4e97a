"""The clock and the source of names."""

import re
from datetime import timedelta

from bot.adapters.system import RandomIds, SystemClock


def test_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.now() <= clock.now()


def test_names_have_22_harmless_characters() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", RandomIds().new())


def test_no_name_comes_twice() -> None:
    ids = RandomIds()
    assert len({ids.new() for _ in range(1000)}) == 1000
