import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.canonical import canonical_json

FEW = settings(max_examples=50)
"""Nested values take long to draw."""


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    y: int
    x: int
    name: str = ""


texts = st.text() | st.text(alphabet=st.characters(categories=["Cs", "L"]), max_size=1)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(Colour)
) | (st.datetimes(timezones=st.just(UTC)) | st.timedeltas() | st.decimals(allow_nan=False))
hashable = (
    scalars | st.tuples(scalars, scalars) | st.builds(Point, y=st.integers(), x=st.integers())
)
values = st.recursive(
    hashable | st.frozensets(hashable, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1E+999"), '"inf"'),
        (float("nan"), '"nan"'),
        (float("-inf"), '"-inf"'),
        ("é 日", '"é 日"'),
        ("\ud800", r'"\ud800"'),
        (Colour.RED, '"red"'),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), '"2026-03-02T09:00:00+00:00"'),
        (
            datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1))),
            '"2026-03-02T09:00:00+01:00"',
        ),
        (timedelta(minutes=2), "120.0"),
        ((1, [2]), "[1,[2]]"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        (MappingProxyType({2: "two"}), '{"2":"two"}'),
        (frozenset({"b", "a"}), '["a","b"]'),
        (frozenset({1, "1"}), '["1",1]'),
        (Point(y=1, x=2), '{"name":"","x":2,"y":1}'),
    ],
)
def test_each_kind_of_value_has_one_text(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    ("value", "kind"), [(b"bytes", "bytes"), (object(), "object"), (Point, "type"), (1j, "complex")]
)
def test_what_has_no_text_is_refused_by_its_kind(value: object, kind: str) -> None:
    with pytest.raises(TypeError, match=f"^{kind} has no canonical form$"):
        canonical_json(value)


@FEW
@given(values)
def test_round_trip_through_json_gives_the_same_text(value: object) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text


@FEW
@given(values)
def test_text_is_strict_json_that_can_be_stored(value: object) -> None:
    text = canonical_json(value)
    assert text.encode().decode() == text
    json.loads(text, parse_constant=pytest.fail)


@FEW
@given(st.dictionaries(st.text(), values, max_size=4))
def test_order_of_keys_plays_no_part(value: Mapping[str, object]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(backwards) == canonical_json(value)


@FEW
@given(st.frozensets(hashable, max_size=5))
def test_order_of_sets_plays_no_part(items: frozenset[object]) -> None:
    forwards, backwards = dict.fromkeys(items), dict.fromkeys(reversed(list(items)))
    assert canonical_json(forwards.keys()) == canonical_json(backwards.keys())


@FEW
@given(st.lists(st.integers() | st.text()), st.lists(st.integers() | st.text()))
def test_different_lists_have_different_texts(one: list[object], two: list[object]) -> None:
    assert (canonical_json(one) == canonical_json(two)) is (one == two)
