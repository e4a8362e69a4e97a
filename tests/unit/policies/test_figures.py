"""Numbers and durations as people read them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.figures import how_long, shown, shown_apart, written


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.80", "ratio", "0.8"),
        ("5000", "ms", "5000 ms"),
        ("5000.0", "ms", "5000 ms"),
        ("0", "", "0"),
        ("-0.5", "psi", "-0.5 psi"),
        ("0.123456789", "", "0.123456789"),
        ("1e300", "", "1e+300"),
        ("1e-12", "", "1e-12"),
        ("1e-7", "", "0.0000001"),
        ("1e-8", "", "1e-8"),
        ("1e15", "", "1000000000000000"),
        ("1e16", "", "1e+16"),
    ],
)
def test_number_is_written_with_all_digits_and_its_unit(value: str, unit: str, text: str) -> None:
    assert written(Decimal(value), unit) == text


def test_measured_number_is_rounded() -> None:
    assert shown(Decimal("0.8333333333"), "ratio") == "0.8333"


def test_whole_number_is_never_rounded() -> None:
    assert shown(Decimal(123456), "ms") == "123456 ms"


def test_number_that_rounding_moves_onto_a_bound_keeps_its_digits() -> None:
    assert shown(Decimal("0.79999"), "", against=[Decimal("0.8")]) == "0.79999"


def test_two_numbers_are_rounded_where_that_keeps_them_apart() -> None:
    assert shown_apart(Decimal("0.83333"), Decimal("0.71111"), "ms") == ("0.8333 ms", "0.7111 ms")
    assert shown_apart(Decimal("0.83331"), Decimal("0.83332"), "") == ("0.83331", "0.83332")


decimals = st.decimals(min_value=-10, max_value=10, places=6, allow_nan=False, allow_infinity=False)


@given(value=decimals, bound=decimals)
def test_shown_number_stands_to_a_bound_as_the_number_itself(
    value: Decimal, bound: Decimal
) -> None:
    assert Decimal(shown(value, "", against=[bound])).compare(bound) == value.compare(bound)


@given(one=decimals, other=decimals)
def test_two_shown_numbers_stand_to_each_other_as_the_numbers_themselves(
    one: Decimal, other: Decimal
) -> None:
    texts = shown_apart(one, other, "")
    assert Decimal(texts[0]).compare(Decimal(texts[1])) == one.compare(other)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(hours=24), "1 d"),
        (timedelta(days=14), "14 d"),
        (timedelta(days=14, hours=3, minutes=59), "14 d 3 h"),
    ],
)
def test_duration_is_told_in_its_two_largest_units(duration: timedelta, text: str) -> None:
    assert how_long(duration) == text
