"""Evaluation tables as MLflow logs them: one row an example."""

import json
from collections.abc import Mapping
from decimal import Decimal

from bot.domain.metrics import exact
from policies.values import GREATEST


class TableError(ValueError):
    """A text is no such table; it says why."""


Row = list[object]


def read_column(text: str, key: str, column: str) -> Mapping[str, object]:
    """Return what each example has in a column, by the example's id as Python writes it.

    Args:
        text: What ``mlflow.log_table`` writes: JSON with ``columns`` and ``data``, row by row.
        key: The column of the ids: texts or whole numbers, each there once.
        column: Whatever it holds.
    """
    columns, rows = _table(text)
    places = [_place(columns, name) for name in (key, column)]
    found: dict[str, object] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(columns):
            raise TableError(f"row {number} does not have {len(columns)} values")
        name = _id(row[places[0]], number)
        if name in found:
            raise TableError(f"the example {name} is there twice")
        found[name] = row[places[1]]
    return found


def as_truth(value: object) -> bool | None:
    """Return a truth value, or None when it is something else."""
    return value if isinstance(value, bool) else None


def as_number(value: object) -> Decimal | None:
    """Return a finite number of a usual size, or None when it is something else."""
    number = exact(value)
    return None if number is None or abs(number) > GREATEST else number


def _table(text: str) -> tuple[list[object], list[object]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError("it is no JSON") from error
    whole = value if isinstance(value, dict) else {}
    columns, rows = whole.get("columns"), whole.get("data")
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise TableError("it has no lists `columns` and `data`")
    return columns, rows


def _place(columns: list[object], name: str) -> int:
    if columns.count(name) != 1:
        how_often = "twice" if name in columns else "nowhere"
        raise TableError(f"the column `{name}` is {how_often} in it")
    return columns.index(name)


def _id(value: object, number: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TableError(f"row {number} has no text and no whole number as its id")
    return repr(value)
