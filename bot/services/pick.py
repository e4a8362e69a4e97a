"""Offers models and versions to choose from: names from memory, versions from the registry."""

from bot.domain.names import ModelName, SlackUserId, short_name
from bot.domain.people import Action
from bot.domain.picking import PickForm, Purpose, VersionChoices, choice_of
from bot.domain.planning import AliasNames
from bot.domain.ports import ModelRegistry
from bot.domain.refusal import Refusal
from bot.domain.registry import ModelVersion, RegisteredModel
from bot.services.access import Access
from bot.services.catalog import Catalog
from bot.services.targets import Targets

SHOWN_VERSIONS = 100
SUGGESTED = 50

_ACTIONS = {Purpose.PROMOTE: Action.PROMOTE, Purpose.COMPARE: Action.READ}
_REFUSED = {Purpose.PROMOTE: "Nothing was proposed", Purpose.COMPARE: "Nothing is compared"}


class Pick:
    """Fills the forms of the shortcuts."""

    def __init__(
        self,
        access: Access,
        catalog: Catalog,
        targets: Targets,
        registry: ModelRegistry,
        names: AliasNames,
    ) -> None:
        self._access = access
        self._catalog = catalog
        self._targets = targets
        self._registry = registry
        self._names = names

    def suggested(self, query: str) -> tuple[ModelName, ...]:
        """Return the models that match some words, from memory; never waits."""
        found = self._catalog.remembered(query.split())
        return tuple(model.name for model in found[:SUGGESTED])

    def chosen(self, choice: str) -> ModelName | None:
        """Return the model that a menu's value stands for, from memory; never waits."""
        names = (model.name for model in self._catalog.remembered(()))
        return next((name for name in names if choice_of(name) == choice), None)

    async def form(self, purpose: Purpose, asker: SlackUserId) -> PickForm | Refusal:
        """Return the empty form, for somebody who may do what it is for.

        Just after a start no model is in memory yet: they are read first, since an empty menu
        would say that there are none.
        """
        refused = await self._access.refuse(asker, _ACTIONS[purpose], _REFUSED[purpose])
        if refused:
            return refused
        await self._catalog.models()
        return PickForm(purpose=purpose)

    async def filled(self, purpose: Purpose, choice: str, asker: SlackUserId) -> PickForm | Refusal:
        """Return the form with the versions of the chosen model."""
        refused = await self._access.refuse(asker, _ACTIONS[purpose], _REFUSED[purpose])
        if refused:
            return refused
        model = await self._targets.model(self.chosen(choice) or choice)
        if isinstance(model, Refusal):
            return PickForm(purpose=purpose, note=model.what)
        versions = await self._registry.versions(model.name)
        if not versions:
            return PickForm(purpose=purpose, note=f"{short_name(model.name)} has no version yet.")
        return PickForm(purpose=purpose, choices=self._choices(model, versions))

    def _choices(
        self, model: RegisteredModel, versions: tuple[ModelVersion, ...]
    ) -> VersionChoices:
        shown = versions[:SHOWN_VERSIONS]
        offered = {version.version for version in shown}
        champion = model.aliases.get(self._names.champion)
        challenger = model.aliases.get(self._names.challenger)
        return VersionChoices(
            model=model,
            versions=shown,
            likely=challenger if challenger in offered else shown[0].version,
            base=champion if champion in offered else None,
            aliases=(self._names.champion, self._names.challenger),
        )
