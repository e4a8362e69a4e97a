"""Evaluation tables as MLflow logs them: one row an example."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import lcm

from bot.domain.metrics import exact
from policies.values import GREATEST, shown_value

KEPT = 4
"""Columns that stay read: those of the version in place and of the candidate, of two models."""


class TableError(ValueError):
    """A text is no such table; it says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came of each example, exactly.

    Attributes:
        names: The examples' ids as Python writes them, in order.
        parts: The answer to each in whole parts of a unit; a right one is 1, a wrong one 0.
        unit: How many parts make one.
        ends: The least and the greatest of the answers and 0, in parts.
    """

    names: tuple[str, ...]
    parts: tuple[int, ...]
    unit: int
    ends: tuple[int, int]

    @property
    def mean(self) -> Decimal:
        """The answers' mean, of at least one."""
        return Decimal(sum(self.parts)) / (self.unit * len(self.parts))

    def in_parts(self, unit: int) -> tuple[int, ...]:
        """Return the answers in parts of which a multiple of the unit makes one."""
        times = unit // self.unit
        return self.parts if times == 1 else tuple(part * times for part in self.parts)


@lru_cache(maxsize=KEPT)
def read_answers(text: str, key: str, column: str, *, is_truth: bool) -> Answers:
    """Return the answers in a column, each one right or wrong, or else a number."""
    answers = {
        name: _answer(value, name, is_truth=is_truth)
        for name, value in read_column(text, key, column).items()
    }
    names = tuple(sorted(answers))
    ratios = [answers[name].as_integer_ratio() for name in names]
    unit = lcm(*{under for _, under in ratios})
    parts = tuple(above * (unit // under) for above, under in ratios)
    ends = min(parts, default=0), max(parts, default=0)
    return Answers(names=names, parts=parts, unit=unit, ends=(min(0, *ends), max(0, *ends)))


def _answer(value: object, name: str, *, is_truth: bool) -> bool | Decimal:
    answer = as_truth(value) if is_truth else as_number(value)
    if answer is None:
        wanted = "true or false" if is_truth else "a number"
        raise TableError(f"example {name} has {shown_value(value)}, not {wanted}")
    return answer


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
