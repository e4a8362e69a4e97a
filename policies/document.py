"""YAML read strictly: plain values, each with its place, and none of YAML's surprises.

Taken are mappings with text keys, lists, text, whole numbers, decimal numbers, ``true``, ``false``
and ``null``. Everything else that YAML 1.1 makes of a plain word stays the text that it is: ``no``
and ``on`` (truth values there), ``1:30`` (90), ``0777`` (511), ``2026-01-01`` (a date). Numbers
with a point become decimals, digit by digit. Refused are anchors and aliases (a few lines of them
expand to gigabytes), tags, duplicate keys and more than one document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from policies.findings import Finding, Position

MAX_BYTES = 1_000_000
MAX_DEPTH = 32

Trail = tuple[str | int, ...]
"""Where a value stands in a document: keys and list indices from the top."""

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file.

    Attributes:
        value: Mappings, lists and scalars.
        keys: Place of each mapping entry's key.
        values: Place of each value.
    """

    file: str
    value: object
    keys: dict[Trail, Position] = field(default_factory=dict)
    values: dict[Trail, Position] = field(default_factory=dict)

    def at(self, trail: Trail) -> Position:
        """Return the place of a value, or of the nearest one around it."""
        while trail not in self.values:
            trail = trail[:-1]
        return self.values[trail]

    def at_key(self, trail: Trail) -> Position:
        """Return the place of an entry's key; of the value where it is none of a mapping."""
        return self.keys.get(trail) or self.at(trail)


class DocumentError(Exception):
    """A file cannot be read as a document; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_document(file: str, content: bytes) -> Document:
    """Return the document in a file.

    Args:
        file: Name of the file, for findings.
        content: Its bytes, UTF-8.

    Raises:
        DocumentError: If it is not a document of the form described above.
    """
    if len(content) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES // 1000} kB"
        raise _error(file, None, problem, "Split it into several files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Position(line=before.count(b"\n") + 1, column=len(before) - before.rfind(b"\n"))
        raise _error(file, place, "this is not UTF-8", "Store the file as UTF-8") from None
    return _Reader(file=file, text=text).read()


def _error(file: str, place: Position | None, problem: str, remedy: str) -> DocumentError:
    return DocumentError(Finding(file=file, position=place, problem=problem, remedy=remedy))


def _place(mark: Any) -> Position:
    return Position(line=mark.line + 1, column=mark.column + 1)


class _Reader:
    """Builds a document from the parser's events."""

    def __init__(self, *, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._keys: dict[Trail, Position] = {}
        self._values: dict[Trail, Position] = {}

    def read(self) -> Document:
        try:
            value = self._whole()
        except yaml.reader.ReaderError as error:
            before = self._text[: error.position]
            place = Position(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
            raise self._refusal(
                place, "a character that YAML does not allow", "Remove it"
            ) from None
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(error) from None
        return Document(self._file, value, self._keys, self._values)

    def _whole(self) -> object:
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            self._values[()] = Position(line=1, column=1)
            return None
        value = self._value(next(self._events), ())
        next(self._events)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._refusal(
                _place(event.start_mark), "a second document begins here", "Put it in its own file"
            )
        return value

    def _value(self, event: Any, trail: Trail) -> object:
        place = _place(event.start_mark)
        self._values[trail] = place
        self._refuse_extras(event, place)
        if len(trail) > MAX_DEPTH:
            raise self._refusal(place, "this is nested too deeply", "Write it flat")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(trail)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(trail)
        return _scalar(event.value) if event.implicit[0] else str(event.value)

    def _refuse_extras(self, event: Any, place: Position) -> None:
        remedy = "Write the value out where it is used; put text that begins with * or & in quotes"
        if isinstance(event, yaml.AliasEvent):
            raise self._refusal(place, f"`*{event.anchor}` refers to an anchor", remedy)
        if event.anchor is not None:
            raise self._refusal(place, f"`&{event.anchor}` is an anchor", remedy)
        if event.tag is not None:
            tag = event.tag.removeprefix("tag:yaml.org,2002:")
            raise self._refusal(
                place, f"a tag (`{tag}`) stands before this value", "Remove it, or use quotes"
            )

    def _mapping(self, trail: Trail) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            place = _place(event.start_mark)
            self._refuse_extras(event, place)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal(place, "a key has to be text", "Write `name: value`")
            key = event.value
            entry = (*trail, key)
            if key in entries:
                first = self._keys[entry].line
                raise self._refusal(
                    place, f"`{key}` is here twice, first in line {first}", "Keep one of them"
                )
            self._keys[entry] = place
            entries[key] = self._value(next(self._events), entry)
        return entries

    def _list(self, trail: Trail) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*trail, len(items))))
        return items

    def _refusal(self, place: Position, problem: str, remedy: str) -> DocumentError:
        return _error(self._file, place, problem, remedy)

    def _is_indented_by_tab(self, place: Position) -> bool:
        line = self._text.splitlines()[place.line - 1 : place.line] or [""]
        return "\t" in line[0][: len(line[0]) - len(line[0].lstrip())]

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> DocumentError:
        place = _place(error.problem_mark)
        problem = f"this is not YAML: {error.problem}"
        if error.context and "alias" in error.context:
            return self._refusal(place, problem, "Put text that begins with * in quotes")
        if self._is_indented_by_tab(place):
            return self._refusal(place, "a tab stands before this line", "Indent with blanks")
        return self._refusal(place, problem, "Check indentation, brackets and quotes around here")


def _scalar(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
