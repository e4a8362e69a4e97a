"""Values are taken up to their limits; past them it is told what is wrong and what to do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from policies.values import (
    Allowance,
    Duration,
    Email,
    Moment,
    Name,
    Number,
    OthersTag,
    Share,
    shown_value,
)

DIGITS = "has too many digits. Write at most 15 digits"
NUMBER = "is not a number. Write it like 0.85, without quotes"
SHARE = "is not a share. Write a number from 0 to 1, or per cent like 10%"
LENGTH = "is not a duration. Write it like 30m, 24h or 14d"
MOMENT = (
    "is no moment with a time zone. Write it like 2026-12-01T09:00:00Z or 2026-12-01T09:00:00+01:00"
)
NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (Number, 5, Decimal(5)),
        (Number, 0, Decimal(0)),
        (Number, Decimal("-0.85"), Decimal("-0.85")),
        (Number, Decimal("1E-15"), Decimal("1E-15")),
        (Number, 10**15, Decimal(10**15)),
        (Number, Decimal("0.123456789012345"), Decimal("0.123456789012345")),
        (Number, Decimal("0.50000000000000000000"), Decimal("0.5")),
        (Allowance, 0, Decimal(0)),
        (Share, 0, Decimal(0)),
        (Share, 1, Decimal(1)),
        (Share, "10%", Decimal("0.1")),
        (Share, "0.5 %", Decimal("0.005")),
        (Share, "100%", Decimal(1)),
        (Duration, "30m", timedelta(minutes=30)),
        (Duration, "24h", timedelta(hours=24)),
        (Duration, "365d", timedelta(days=365)),
        (Moment, "2026-12-01T09:00:00Z", NINE),
        (Moment, "2026-12-01T10:00:00+01:00", NINE),
        (Email, "Ada@Example.com", "ada@example.com"),
        (Name, "a" * 64, "a" * 64),
    ],
)
def test_a_value_is_taken_up_to_its_limit(kind: Any, written: object, meant: object) -> None:
    assert TypeAdapter(kind).validate_python(written) == meant


def test_a_moment_is_kept_in_utc_whatever_the_clock_of_the_machine() -> None:
    assert TypeAdapter(Moment).validate_python("2026-12-01T10:00:00+01:00").tzinfo is UTC


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (Number, True, f"`true` {NUMBER}"),
        (Number, "5", f"`5` {NUMBER}"),
        (Number, None, f"nothing {NUMBER}"),
        (Number, [1], f"a list {NUMBER}"),
        (Number, {"a": 1}, f"a mapping {NUMBER}"),
        (Number, Decimal("9E-16"), f"9E-16 {DIGITS}"),
        (Number, Decimal("-9E-16"), f"-9E-16 {DIGITS}"),
        (Number, 2 * 10**15, f"2000000000000000 {DIGITS}"),
        (Number, -2 * 10**15, f"-2000000000000000 {DIGITS}"),
        (Number, Decimal("0.1234567890123456"), f"0.1234567890123456 {DIGITS}"),
        (Allowance, -1, "-1 is negative. Write how much worse it may be, as a positive number"),
        (Share, 2, f"2 {SHARE}"),
        (Share, Decimal("-0.1"), f"-0.1 {SHARE}"),
        (Share, "101%", f"101% {SHARE}"),
        (Share, "ten", f"`ten` {NUMBER}"),
        (Duration, "2w", f"`2w` {LENGTH}"),
        (Duration, "0h", f"`0h` {LENGTH}"),
        (Duration, 2, f"`2` {LENGTH}"),
        (Duration, "366d", "366d is more than a year. Write at most 365d"),
        (Moment, "2026-12-01T09:00:00", f"`2026-12-01T09:00:00` {MOMENT}"),
        (Moment, "soon", f"`soon` {MOMENT}"),
        (Moment, 2026, f"`2026` {MOMENT}"),
        (
            Name,
            "a" * 65,
            (
                f"`{'a' * 39}…` does not do here. "
                "Write letters, digits, `.`, `_` and `-`, at most 64 in all"
            ),
        ),
        (
            OthersTag,
            "herald.request",
            (
                "Herald writes the tag `herald.request` itself, so that it shows nothing. "
                "Name another tag"
            ),
        ),
    ],
)
def test_past_its_limit_it_is_told_what_to_write(kind: Any, written: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(written)
    (error,) = refused.value.errors()
    assert f"{error['ctx']['problem']}. {error['ctx']['remedy']}" == said


def test_a_long_value_is_shown_by_its_first_39_characters() -> None:
    assert shown_value("a" * 40) == f"`{'a' * 40}`"
    assert shown_value("a" * 41) == f"`{'a' * 39}…`"
