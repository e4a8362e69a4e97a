"""Objects with named fields, and text objects."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.nodes import Flag, Node, Str
from bot.sandbox.slack.validator.problems import (
    UNKNOWN_FIELD,
    UNKNOWN_TYPE,
    WRONG_TYPE,
    Problem,
    Spot,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A rule between the fields of one object."""

    constraint: str
    holds: Callable[[Json], bool]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object; its rules carry its own name wherever it stands."""

    name: str
    required: Mapping[str, Node] = field(default_factory=dict)
    optional: Mapping[str, Node] = field(default_factory=dict)
    laws: tuple[Law, ...] = ()

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with fields, then with what holds between sound ones."""
        if not isinstance(value, dict):
            yield spot.misfit(WRONG_TYPE, "must be an object")
            return
        problems = list(self._check_fields(value, spot))
        yield from problems
        for law in self.laws if not problems else ():
            if not law.holds(value):
                yield Spot(pointer=spot.pointer, rule=self.name).broken(law.constraint, law.message)

    def rules(self, rule: str) -> Iterator[str]:  # noqa: ARG002 - the protocol's signature
        """Yield the codes of all fields and laws."""
        for name, node in {**self.required, **self.optional}.items():
            yield from node.rules(f"{self.name}.{name}")
        yield from (f"{self.name}.{name}.required" for name in self.required)
        yield from (f"{self.name}.{law.constraint}" for law in self.laws)

    def _check_fields(self, value: Json, spot: Spot) -> Iterator[Problem]:
        known = {**self.required, **self.optional}
        for name in self.required:
            if value.get(name) is None:
                missing = spot.at(name, f"{self.name}.{name}")
                yield missing.broken("required", f"{name} is required")
        for name, part in value.items():
            if name in known:
                if part is not None:
                    yield from known[name].check(part, spot.at(name, f"{self.name}.{name}"))
            elif name != "type":
                yield spot.at(name, "").misfit(UNKNOWN_FIELD, f"no field {name} here")


MRKDWN_FORM = Record(
    name="text",
    required={"text": Str()},
    optional={"verbatim": Flag()},
)
PLAIN_FORM = Record(
    name="text",
    required={"text": Str()},
    optional={"emoji": Flag()},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text object, by its length; `is_plain` refuses mrkdwn."""

    max: int
    is_plain: bool = False

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with form, length and kind of the text."""
        if not isinstance(value, dict):
            yield spot.misfit(WRONG_TYPE, "must be a text object")
            return
        kind = value.get("type")
        if kind not in ("plain_text", "mrkdwn"):
            yield spot.at("type", "").misfit(UNKNOWN_TYPE, f"no such kind of text: {kind}")
            return
        if self.is_plain and kind != "plain_text":
            yield spot.at("type", spot.rule).broken("plain_text", "must be plain_text")
            return
        form = PLAIN_FORM if kind == "plain_text" else MRKDWN_FORM
        yield from form.check(value, spot)
        text = value.get("text")
        if isinstance(text, str) and len(text) > self.max:
            too_long = spot.at("text", spot.rule)
            yield too_long.broken("max_length", f"must be at most {self.max} characters")

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of length and kind."""
        yield f"{rule}.max_length"
        if self.is_plain:
            yield f"{rule}.plain_text"
        yield from PLAIN_FORM.rules(rule)


def plain(limit: int) -> Text:
    """Return a plain text of at most `limit` characters."""
    return Text(max=limit, is_plain=True)
