"""The names of all registered models, kept in memory so that a word finds its model at once."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.domain.names import ModelName, short_name, shown_word
from bot.domain.ports import ModelRegistry
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel

SHOWN_CHOICES = 5


class Catalog:
    """Remembers which models there are; ``refresh`` reads them again."""

    def __init__(self, registry: ModelRegistry) -> None:
        self._registry = registry
        self._models: dict[ModelName, RegisteredModel] = {}

    async def refresh(self) -> None:
        """Read all models again."""
        models = await self._registry.models()
        self._models = {model.name: model for model in models}

    async def models(self) -> tuple[RegisteredModel, ...]:
        """Return all models, by name."""
        if not self._models:
            await self.refresh()
        return tuple(self._models[name] for name in sorted(self._models))

    async def search(self, words: Iterable[str]) -> tuple[RegisteredModel, ...]:
        """Return the models whose name or description holds every word, in any case."""
        await self.models()
        return self.remembered(words)

    def remembered(self, words: Iterable[str]) -> tuple[RegisteredModel, ...]:
        """Return the models in memory that match every word, by name; never waits."""
        wanted = [word.casefold() for word in words]
        known = (self._models[name] for name in sorted(self._models))
        return tuple(
            model
            for model in known
            if all(word in f"{model.name} {model.description}".casefold() for word in wanted)
        )

    async def resolve(self, text: str) -> ModelName | Refusal:
        """Return the one model that a word means, or a refusal that names what comes near.

        A full name wins; else the name that ends in the word, at a dot, when there is only one;
        upper and lower case are told apart only where that is needed to choose. A name that is not
        in memory is looked for once more in the registry: it may be new.
        """
        found = _matching(text, [model.name for model in await self.models()])
        if not found:
            await self.refresh()
            found = _matching(text, list(self._models))
        if len(found) == 1:
            return found[0]
        return _ambiguous(text, found) if found else self._unknown(text)

    def _unknown(self, text: str) -> Refusal:
        near = _near(text, list(self._models))
        shown = next(map(short_name, self._models), "NAME")
        example = f"compare {near[0]}" if near else f"show {shown}"
        asked = f" Did you mean {' or '.join(near)}?" if near else ""
        return Refusal(
            what=f"No model '{shown_word(text)}'.{asked}",
            remedies=(f"Example: `/model {example}`", "All models: `/model list`"),
        )


def _matching(text: str, names: list[ModelName]) -> list[ModelName]:
    exact = [name for name in names if name == text]
    ends = [name for name in names if name.endswith(f".{text}")]
    folded = text.casefold()
    loose = [n for n in names if n.casefold() == folded or n.casefold().endswith(f".{folded}")]
    return exact or ends or loose


def _ambiguous(text: str, found: list[ModelName]) -> Refusal:
    shown = sorted(found)[:SHOWN_CHOICES]
    return Refusal(
        what=f"'{shown_word(text)}' could be {len(found)} models",
        reasons=tuple(shown),
        remedies=(f"Write more of the name. Example: `/model show {shown[0]}`",),
    )


def _near(text: str, names: list[ModelName]) -> list[str]:
    """Return up to three models whose name holds the word, or is spelt much like it."""
    folded = text.casefold()
    holding = [short_name(name) for name in names if folded in name.casefold()]
    spelt = {form.casefold(): name for name in names for form in (name, short_name(name))}
    alike = [short_name(spelt[hit]) for hit in get_close_matches(folded, spelt, n=3, cutoff=0.6)]
    return list(dict.fromkeys((*holding, *alike)))[:3]
