"""One rule of Block Kit and the change of a sound document that breaks it."""

from dataclasses import dataclass

from tests.contract.slack_double.sound_blocks import Json, plain

GONE = object()
URL = "https://acme.example/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change of one value in a sound document, and the complaint that it brings."""

    rule: str
    sound: str
    change: str
    value: object
    pointer: str


def case(rule: str, sound: str, change: str, value: object, pointer: str | None = None) -> Case:
    """Build a case whose complaint points at the change unless told otherwise."""
    where = change if pointer is None else pointer
    return Case(rule=rule, sound=sound, change=change, value=value, pointer=where)


def letters(count: int) -> str:
    return "x" * count


def long_text(limit: int) -> Json:
    return plain(letters(limit + 1))


def divided(count: int) -> list[Json]:
    return [{"type": "divider"} for _ in range(count)]


ELEMENT = "/0/elements/0"
OPTION = f"{ELEMENT}/options/0"
INLINE = "/0/elements/0/elements"
CELL: Json = {"type": "raw_text", "text": "x"}
