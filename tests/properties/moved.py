"""One field of a tree of values replaced by another value of its type, wherever it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_type_hints

from hypothesis import strategies as st

from bot.domain.exemptions import Exemption
from bot.domain.policy import Policy

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A field of one of the values in a tree.

    Attributes:
        path: From the root to the field.
        fields: The fields on this path, each with the class that has it.
    """

    path: Path
    fields: tuple[tuple[type, str], ...]

    @property
    def owner(self) -> type:
        return self.fields[-1][0]

    @property
    def field(self) -> str:
        return self.fields[-1][1]


def spots(root: Any, above: Spot | None = None) -> Iterator[Spot]:
    """Yield every field of every dataclass in the tree."""
    path, known = (above.path, above.fields) if above else ((), ())
    if isinstance(root, tuple):
        for number, item in enumerate(root):
            yield from spots(item, Spot(path=(*path, number), fields=known))
    elif is_dataclass(root) and not isinstance(root, type):
        for field in fields(root):
            own = (type(root), field.name)
            spot = Spot(path=(*path, field.name), fields=(*known, own))
            yield spot
            yield from spots(getattr(root, field.name), spot)


def at(root: Any, path: Path) -> Any:
    """Return what stands at a path."""
    for step in path:
        root = root[step] if isinstance(step, int) else getattr(root, step)
    return root


def put(root: Any, path: Path, value: Any) -> Any:
    """Return the tree with another value at a path."""
    if not path:
        return value
    step, inner = path[0], path[1:]
    if isinstance(step, int):
        return (*root[:step], put(root[step], inner, value), *root[step + 1 :])
    return replace(root, **{step: put(getattr(root, step), inner, value)})


def exemptions(**fields: Any) -> st.SearchStrategy[Exemption]:
    """Return exemptions, over or not."""
    return st.builds(Exemption, **{name: st.just(value) for name, value in fields.items()})


def values_for(spot: Spot) -> st.SearchStrategy[Any]:
    """Return values of the type that the field says it has."""
    if spot.owner is Policy and spot.field == "exemptions":
        return st.lists(exemptions(models=("dev.other",)), max_size=2).map(tuple)
    if spot.owner is Policy and spot.field not in {"name", "content"}:
        return st.none()
    if spot.field == "exempt_because":
        return st.text().map(str.strip)
    return st.from_type(get_type_hints(spot.owner)[spot.field])
