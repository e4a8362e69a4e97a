"""Values in policy files that have a notation of their own: numbers, shares, durations, names."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bot.domain.evidence import is_own_tag
from bot.domain.names import is_usable_alias

MAX_DIGITS = 15
"""Significant digits of a number: as many as every float keeps, so that two bounds that differ also
differ in the canonical text of their policy."""

GREATEST, SMALLEST = Decimal(10) ** MAX_DIGITS, Decimal(10) ** -MAX_DIGITS
LONGEST = timedelta(days=365)

_DURATION = re.compile(r"([1-9][0-9]{0,5})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """Return the error with which a validator says what is wrong and what to do."""
    return PydanticCustomError("wrong", "{problem}", {"problem": problem, "remedy": remedy})


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong(f"{shown_value(value)} is not a number", "Write it like 0.85, without quotes")
    number = Decimal(value)
    is_tiny = number != 0 and abs(number) < SMALLEST
    if is_tiny or abs(number) > GREATEST or len(number.normalize().as_tuple().digits) > MAX_DIGITS:
        raise wrong(f"{value} has too many digits", f"Write at most {MAX_DIGITS} digits")
    return number


def _no_less_than_zero(value: Decimal) -> Decimal:
    if value < 0:
        raise wrong(f"{value} is negative", "Write how much worse it may be, as a positive number")
    return value


def _share(value: object) -> Decimal:
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    share = Decimal(percent[1]) / 100 if percent else _number(value)
    if not 0 <= share <= 1:
        raise wrong(f"{value} is not a share", "Write a number from 0 to 1, or per cent like 10%")
    return share


def _duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(f"{shown_value(value)} is not a duration", "Write it like 30m, 24h or 14d")
    number, unit = found.groups()
    duration = int(number) * _UNITS[unit]
    if duration > LONGEST:
        raise wrong(f"{value} is more than a year", f"Write at most {LONGEST.days}d")
    return duration


def _moment(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise wrong(
            f"{shown_value(value)} is no moment with a time zone",
            "Write it like 2026-12-01T09:00:00Z or 2026-12-01T09:00:00+01:00",
        )
    return found.astimezone(UTC)


def _usable_alias(value: str) -> str:
    if not is_usable_alias(value):
        raise wrong(
            f"`{value}` is no alias that Herald moves",
            "Use lower-case letters, digits, _ and -; `latest` and v1, v2 … are taken",
        )
    return value


def _lower(value: str) -> str:
    return value.lower()


def shown_value(value: object) -> str:
    """Return a wrong value as its writer knows it, shortened, in one line."""
    limit = 40
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            text = " ".join(str(value).split())
            return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


@dataclass(frozen=True, slots=True)
class _Matching:
    """Text of a form, as a regular expression and for people."""

    pattern: str
    form: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, object]:
        return {**handler(core), "pattern": f"^(?:{self.pattern})$", "description": self.form}

    def _checked(self, value: str) -> str:
        if re.fullmatch(self.pattern, value) is None:
            raise wrong(f"{shown_value(value)} does not do here", f"Write {self.form}")
        return value


_NUMBER = WithJsonSchema({"type": "number"})
_SHARE = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": f"^(?:{_PERCENT.pattern})$"},
        ],
        "description": "a number from 0 to 1, or per cent like 10%",
    }
)
_LENGTH = WithJsonSchema(
    {
        "type": "string",
        "pattern": f"^(?:{_DURATION.pattern})$",
        "description": "a duration like 30m, 24h or 14d",
    }
)

Number = Annotated[Decimal, BeforeValidator(_number), _NUMBER]
Allowance = Annotated[
    Decimal,
    AfterValidator(_no_less_than_zero),
    BeforeValidator(_number),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
Share = Annotated[Decimal, BeforeValidator(_share), _SHARE]
Duration = Annotated[timedelta, BeforeValidator(_duration), _LENGTH]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "description": "a moment like 2026-12-01T09:00:00Z"}),
]
Alias = Annotated[str, AfterValidator(_usable_alias)]
Name = Annotated[
    str,
    _Matching(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "letters, digits, `.`, `_` and `-`, at most 64 in all"
    ),
]
MetricKey = Annotated[
    str, _Matching(r"[A-Za-z0-9_][A-Za-z0-9_.:/ -]{0,249}", "letters, digits and `_ . : / -`")
]
Unit = Annotated[str, _Matching(r"\S{0,16}", "at most 16 characters without blanks")]
Glob = Annotated[str, _Matching(r"\S+", "a model's full name; * stands for anything")]
UserId = Annotated[str, _Matching(r"[UW][A-Z0-9]{2,}", "a Slack user's id like U0123ABCD")]
Group = Annotated[str, _Matching(r"[^\s@<>]+", "a user group's handle without @, or its id")]
Email = Annotated[
    str, _Matching(r"[^\s@]+@[^\s@]+", "an address like name@example.com"), AfterValidator(_lower)
]
FilePath = Annotated[
    str,
    _Matching(
        r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}/){0,16}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}",
        "the path of a file among the artifacts of a run, like validation/report.txt",
    ),
]
ArtifactPath = Annotated[
    str,
    _Matching(
        r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}/){0,16}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}/?",
        "the path of a run's artifact, like validation/report.txt, or of a folder, like plots/",
    ),
]
Address = Annotated[
    str, _Matching(r"https?://[^\s<>|`]{1,500}", "an address like https://wiki.example.com/dpia")
]
TagKey = Annotated[str, _Matching(r"\S(?:.{0,248}\S)?", "the name of a tag")]


def _of_others(key: str) -> str:
    if is_own_tag(key):
        raise wrong(
            f"Herald writes the tag `{key}` itself, so that it shows nothing", "Name another tag"
        )
    return key


OthersTag = Annotated[TagKey, AfterValidator(_of_others)]
"""A tag that somebody else than Herald writes."""
