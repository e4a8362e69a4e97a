"""Where in a document, and where in the form of its kind, a location of pydantic points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from policies.document import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place, as the file's author sees it.

    Attributes:
        trail: Where it is in the document.
        keys: The keys that are known in the mapping around it.
        kinds: The words for ``type`` that are known there.
        choice: Where several forms are possible without such a word, and which one is meant here,
            in pydantic's words.
    """

    trail: Trail
    keys: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    choice: tuple[Trail, str] | None = None


def spot_of(location: tuple[str | int, ...], form: type[BaseModel]) -> Spot:
    """Return the place that a location means.

    Args:
        location: Keys and indices, and among them the words that pydantic puts in: the kind of a
            mapping where several are possible, and a mark for a key.
        form: The model of the whole document.
    """
    trail: list[str | int] = []
    here: Any = form
    around: tuple[str, ...] = ()
    choice = None
    for part in location:
        kinds = _kinds(here)
        if part in kinds:
            here = kinds[str(part)]
        elif len(_forms(here)) > 1:
            choice, here = (tuple(trail), str(part)), _list_among(_forms(here))
        elif part != "[key]":
            trail.append(part)
            around = tuple(_fields(here))
            here = _inside(here, part)
    return Spot(trail=tuple(trail), keys=around, kinds=tuple(_kinds(here)), choice=choice)


def _forms(form: Any) -> tuple[Any, ...]:
    """Return the forms that are possible at a place, nothing aside."""
    plain = _plain(form)
    is_union = get_origin(plain) in {Union, UnionType}
    return tuple(m for m in get_args(plain) if m is not type(None)) if is_union else (form,)


def _list_among(forms: tuple[Any, ...]) -> Any:
    """Return the form that is a list: no other one holds anything that has a place of its own."""
    return next((form for form in forms if get_origin(_plain(form)) is list), None)


def _plain(form: Any) -> Any:
    """Return a form without its annotations."""
    return _plain(get_args(form)[0]) if get_origin(form) is Annotated else form


def _members(form: Any) -> Iterator[Any]:
    """Yield the models that may stand at a place."""
    plain = _plain(form)
    if get_origin(plain) in {Union, UnionType}:
        for member in get_args(plain):
            yield from _members(member)
    elif isinstance(plain, type) and issubclass(plain, BaseModel):
        yield plain


def _kinds(form: Any) -> Mapping[str, Any]:
    """Return the models that may stand at a place by the word for their ``type``."""
    members = [m for m in _members(form) if "type" in m.model_fields]
    fields = [(m, m.model_fields["type"].annotation) for m in members]
    tagged = [(m, word) for m, word in fields if get_origin(word) is Literal]
    return {str(get_args(word)[0]): m for m, word in tagged} if _is_choice(form) else {}


def _is_choice(form: Any) -> bool:
    return sum(1 for _ in _members(form)) > 1


def _fields(form: Any) -> Mapping[str, Any]:
    """Return what the fields of a model hold, by the names in the file."""
    return {
        field.alias or name: field.annotation
        for member in _members(form)
        for name, field in member.model_fields.items()
    }


def _inside(form: Any, part: str | int) -> Any:
    """Return the form of what stands under a key or index."""
    fields = _fields(form)
    if fields:
        return fields.get(str(part))
    held = [get_args(_plain(kind))[-1] for kind in _containers(form)]
    return held[0] if held else None


def _containers(form: Any) -> Iterator[Any]:
    plain = _plain(form)
    if get_origin(plain) in {Union, UnionType}:
        for member in get_args(plain):
            yield from _containers(member)
    elif get_origin(plain) in {list, dict, tuple}:
        yield plain
