"""The check ``model_card``: the run has a model card that says what it should."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal, NoReturn

from pydantic import Field, model_validator

from bot.domain.blank import says_nothing, seen
from bot.domain.evidence import Needs, PolicyFacts
from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS, CardField
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.document import MAX_DEPTH, DocumentError, read_document
from policies.entries import RuleEntry, RulePlace
from policies.found import Found, together
from policies.rule import Rule
from policies.run_files import RunFile
from policies.values import FilePath, wrong

JSON_SUFFIX = ".json"
_SUFFIXES = (".yaml", ".yml", JSON_SUFFIX)
_Field = Annotated[CardField, Field(strict=False)]


def _required() -> list[_Field]:
    return list(REQUIRED_FIELDS)


class ModelCardRule(RuleEntry):
    """The run has a model card that says what it should."""

    type: Literal["model_card"]
    path: FilePath = MODEL_CARD_PATH
    fields: Annotated[list[_Field], Field(min_length=1)] = Field(default_factory=_required)
    min_chars: Annotated[int, Field(ge=1, le=10_000)] = 1

    @model_validator(mode="after")
    def _has_known_form(self) -> "ModelCardRule":
        if not self.path.endswith(_SUFFIXES):
            raise wrong(
                f"`{self.path}` is neither YAML nor JSON", f"End it in {', '.join(_SUFFIXES)}"
            )
        return self

    def check(self, place: RulePlace) -> "ModelCardCheck":
        """Return the check of the card."""
        return ModelCardCheck(
            **self.identity(place),
            path=self.path,
            fields=tuple(field for field in CardField if field in self.fields),
            min_chars=self.min_chars,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCardCheck(Rule):
    """The card of the candidate's run fills in every required field, each at some length.

    Attributes:
        path: Among the artifacts of the run.
        min_chars: How many characters a field has at least; 1 for not blank.
    """

    path: str = MODEL_CARD_PATH
    fields: tuple[CardField, ...] = REQUIRED_FIELDS
    min_chars: int = 1

    @property
    def needs(self) -> Needs:
        """The card."""
        return Needs(files=frozenset({self.path}))

    @property
    def expected(self) -> str:
        """The fields, and how long each has to be."""
        length = f", each of {self.min_chars} characters or more" if self.min_chars > 1 else ""
        return f"{', '.join(self.fields)}{length}"

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return which fields the card fills in."""
        file = RunFile(evidence=facts.candidate, path=self.path, what="the model card")
        found = replace(self._found(file), expected=self.expected)
        return together(self, [found], source=file.source)

    def _found(self, file: RunFile) -> Found:
        if file.text is None:
            return file.absent()
        try:
            card = read_card(file.text, file.path)
        except CardError as error:
            return file.broken(str(error))
        return self._judged(file, {field: length(card.get(field)) for field in self.fields})

    def _judged(self, file: RunFile, lengths: Mapping[CardField, int]) -> Found:
        unmet = [field for field, chars in lengths.items() if chars < self.min_chars]
        number = f"{len(lengths) - len(unmet)} of {len(lengths)} fields"
        if not unmet:
            text = f"the model card says {', '.join(lengths)}"
            return Found(kind=OutcomeKind.PASSED, text=text, observed=number)
        return Found(
            kind=OutcomeKind.MISSING,
            text=f"the model card {' and '.join(self._gaps(lengths))}",
            observed=number,
            remedy=file.remedy(f"fill in {', '.join(unmet)}, and log the card"),
        )

    def _gaps(self, lengths: Mapping[CardField, int]) -> Iterator[str]:
        blank = [field for field, chars in lengths.items() if not chars]
        short = {field: chars for field, chars in lengths.items() if 0 < chars < self.min_chars}
        if blank:
            yield f"does not say {', '.join(blank)}"
        if short:
            said = (f"{field} ({n} of {self.min_chars} characters)" for field, n in short.items())
            yield f"is too short on {', '.join(said)}"


class CardError(ValueError):
    """A text is no model card; it says why."""


def read_card(text: str, path: str = MODEL_CARD_PATH) -> Mapping[str, object]:
    """Return what a model card says, field by field; ``CardError`` when it is none.

    Args:
        text: Of the file.
        path: Tells by its end whether that is JSON or YAML, which is read strictly: without
            anchors, tags and repeated keys.
    """
    value = _json(text) if path.endswith(JSON_SUFFIX) else _yaml(text)
    if not isinstance(value, dict):
        raise CardError("it is no mapping of fields")
    return value


def length(value: object) -> int:
    """Return how many characters a field says that can be seen.

    A lone number or truth value says nothing, and so does a text without letters and digits.
    """
    words = " ".join(_words(value)) if isinstance(value, str | list | dict) else ""
    return 0 if says_nothing(words) else len(words)


def _words(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the texts and numbers in a value, with the names under which they stand."""
    match value:
        case dict() | list() if depth == MAX_DEPTH:
            return
        case dict():
            for name, item in value.items():
                words = list(_words(item, depth + 1))
                yield from [name, *words] if words else []
        case list():
            for item in value:
                yield from _words(item, depth + 1)
        case None | bool():
            return
        case _:
            yield from filter(None, [seen(str(value))])


def _yaml(text: str) -> object:
    try:
        return read_document("the card", text.encode()).value
    except DocumentError as error:
        line, _ = error.finding.place
        where = f"line {line}: " if line else ""
        raise CardError(f"{where}{error.finding.problem}") from error


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except CardError:
        raise
    except (ValueError, RecursionError) as error:
        raise CardError("it is no JSON") from error


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise CardError(f"`{name}` is there twice")
        found[name] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise CardError(f"{word} is no number")
