"""Evaluation tables."""

import json
import re
from decimal import Decimal

import pytest

from policies.eval_table import TableError, as_number, as_truth, read_column


def table(*rows: object, columns: object = ("id", "ok")) -> str:
    return json.dumps({"columns": columns, "data": rows})


def test_column_is_read_by_the_ids_of_the_examples() -> None:
    text = table(["a", True, 1], [7, None, 2], columns=["id", "ok", "n"])
    assert read_column(text, "id", "ok") == {"'a'": True, "7": None}
    assert read_column(text, "id", "n") == {"'a'": 1, "7": 2}


def test_text_and_number_are_different_ids() -> None:
    assert len(read_column(table(["7", True], [7, True]), "id", "ok")) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,ok", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it has no lists `columns` and `data`"),
        ('{"columns": ["id", "ok"]}', "it has no lists `columns` and `data`"),
        ('{"columns": "id", "data": []}', "it has no lists `columns` and `data`"),
        (table(columns=["id"]), "the column `ok` is nowhere in it"),
        (table(columns=["id", "ok", "id"]), "the column `id` is twice in it"),
        (table(["a", True], ["b"]), "row 2 does not have 2 values"),
        (table("ab"), "row 1 does not have 2 values"),
        (table(["a", True], ["a", True]), "the example 'a' is there twice"),
        (table([None, True]), "row 1 has no text and no whole number as its id"),
        (table([True, True]), "row 1 has no text and no whole number as its id"),
        (table([1.5, True]), "row 1 has no text and no whole number as its id"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TableError, match=f"^{re.escape(reason)}$"):
        read_column(text, "id", "ok")


@pytest.mark.parametrize("value", [0, 1, "true", None, [True]])
def test_only_truth_values_are_truth_values(value: object) -> None:
    assert as_truth(value) is None
    assert as_truth(True) is True  # noqa: FBT003 - the value
    assert as_truth(False) is False  # noqa: FBT003 - the value


@pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf"), 1e16, -(10**16)])
def test_only_finite_numbers_of_a_usual_size_are_numbers(value: object) -> None:
    assert as_number(value) is None
    assert as_number(0.1) == Decimal("0.1")
