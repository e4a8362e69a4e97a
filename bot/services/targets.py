"""Finds the version and alias that somebody speaks of."""

from dataclasses import dataclass

from bot.domain.errors import NotFoundError
from bot.domain.names import AliasName, ModelName, is_usable_alias, short_name, shown_word
from bot.domain.planning import AliasNames
from bot.domain.ports import ModelRegistry
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel
from bot.services.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A version as people name it, and the alias it is to get.

    Attributes:
        model: The model in the asker's words.
        selector: A version number, or an alias that names one.
        alias: None for the champion.
    """

    model: str
    selector: int | AliasName
    alias: AliasName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A version and an alias that are known to make sense together."""

    model: ModelName
    version: int
    alias: AliasName


class Targets:
    """Turns words into models, versions and aliases, or says what there is instead."""

    def __init__(self, catalog: Catalog, registry: ModelRegistry, names: AliasNames) -> None:
        self._catalog = catalog
        self._registry = registry
        self._names = names

    async def find(self, target: Target) -> Found | Refusal:
        """Return what a target means."""
        alias = target.alias or self._names.champion
        if not is_usable_alias(alias):
            return _unusable(alias, target)
        model = await self.model(target.model)
        if isinstance(model, Refusal):
            return model
        version = await self.version(model, target.selector)
        if isinstance(version, Refusal):
            return version
        return Found(model=model.name, version=version, alias=alias)

    async def model(self, text: str) -> RegisteredModel | Refusal:
        """Return the model that a word means, as the registry holds it now."""
        name = await self._catalog.resolve(text)
        if isinstance(name, Refusal):
            return name
        try:
            return await self._registry.model(name)
        except NotFoundError:
            return Refusal(
                what=f"{name} is not in the registry any more",
                remedies=("All models: `/model list`",),
            )

    async def version(self, model: RegisteredModel, selector: int | AliasName) -> int | Refusal:
        """Return the version that a number or alias names."""
        if isinstance(selector, int):
            return await self._numbered(model.name, selector)
        return named_by(model, selector)

    async def newest(self, model: RegisteredModel) -> int | Refusal:
        """Return the newest version of a model."""
        versions = await self._registry.versions(model.name)
        if versions:
            return versions[0].version
        return Refusal(
            what=f"{short_name(model.name)} has no version yet", remedies=(_see(model.name),)
        )

    async def _numbered(self, model: ModelName, version: int) -> int | Refusal:
        try:
            return (await self._registry.version(model, version)).version
        except NotFoundError:
            newest = await self._registry.versions(model)
        known = f"its newest version is v{newest[0].version}" if newest else "it has no version yet"
        return Refusal(
            what=f"{short_name(model)} has no version {version}",
            reasons=(known,),
            remedies=(_see(model),),
        )


def named_by(model: RegisteredModel, selector: int | AliasName) -> int | Refusal:
    """Return the version that an alias names, or the number itself, whether it exists or not."""
    if isinstance(selector, int):
        return selector
    return model.aliases[selector] if selector in model.aliases else _no_alias(model, selector)


def _no_alias(model: RegisteredModel, alias: AliasName) -> Refusal:
    near = [known for known in model.aliases if known.casefold() == alias.casefold()]
    asked = f" Did you mean @{near[0]}?" if near else ""
    known = ", ".join(f"@{name} v{version}" for name, version in sorted(model.aliases.items()))
    return Refusal(
        what=f"{short_name(model.name)} has no alias @{shown_word(alias)}.{asked}",
        reasons=(f"its aliases: {known}" if known else "it has no alias yet",),
        remedies=(_see(model.name),),
    )


def _see(model: ModelName) -> str:
    return f"See its versions: `/model show {short_name(model)}`"


def _unusable(alias: str, target: Target) -> Refusal:
    selector = target.selector
    version = selector if isinstance(selector, int) else f"@{selector}"
    lowered = alias.lower()
    hint = f" Did you mean {lowered}?" if lowered != alias and is_usable_alias(lowered) else ""
    rule = "an alias is 1 to 64 lower-case letters, digits, - or _, and not latest, v1, v2 …"
    return Refusal(
        what=f"'{shown_word(alias)}' is no alias that Herald moves.{hint}",
        reasons=(rule,),
        remedies=(f"Example: `/model promote {shown_word(target.model)} {version} to champion`",),
    )
