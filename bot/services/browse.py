"""Reads for one asker: the list of models, one model, and who somebody is."""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import BackEndError, NotFoundError
from bot.domain.messages import ModelList, ModelSheet
from bot.domain.names import AliasName, ModelName, SlackUserId
from bot.domain.people import Action
from bot.domain.ports import ModelRegistry, ServingPlatform
from bot.domain.refusal import Refusal
from bot.domain.registry import ModelVersion, RegisteredModel
from bot.domain.serving import ServingEndpoint
from bot.services.access import Access
from bot.services.catalog import Catalog
from bot.services.history import History
from bot.services.targets import Targets

SHOWN_VERSIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where models and endpoints are read."""

    registry: ModelRegistry
    serving: ServingPlatform


class Browse:
    """Answers what there is."""

    def __init__(
        self, access: Access, catalog: Catalog, targets: Targets, shelf: Shelf, history: History
    ) -> None:
        self._access = access
        self._catalog = catalog
        self._targets = targets
        self._shelf = shelf
        self._history = history

    async def models(self, words: tuple[str, ...], asker: SlackUserId) -> ModelList | Refusal:
        """Return the models that match every word."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is listed")
        if refused:
            return refused
        found = await self._catalog.search(words)
        read = await asyncio.gather(*(self._fresh(model) for model in found[:SHOWN_VERSIONS]))
        current = tuple(model for model in read if model is not None)
        models = (*current, *found[SHOWN_VERSIONS:])
        return ModelList(words=words, models=models, total=len(models))

    async def model(
        self, text: str, selector: int | AliasName | None, asker: SlackUserId
    ) -> ModelSheet | Refusal:
        """Return one model, with the version that a number or alias selects."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is shown")
        if refused:
            return refused
        model = await self._targets.model(text)
        if isinstance(model, Refusal):
            return model
        if selector is None:
            return await self._sheet(model, None)
        version = await self._targets.version(model, selector)
        if isinstance(version, Refusal):
            return version
        return await self._sheet(model, await self._shelf.registry.version(model.name, version))

    async def _sheet(self, model: RegisteredModel, selected: ModelVersion | None) -> ModelSheet:
        versions, endpoints, back, open_request = await asyncio.gather(
            self._shelf.registry.versions(model.name),
            self._endpoints(model.name),
            self._history.way_back(model),
            self._history.open_request(model.name),
        )
        return ModelSheet(
            model=model,
            versions=versions[:SHOWN_VERSIONS],
            selected=selected,
            endpoints=endpoints,
            champion=self._history.champion(model),
            rollback_to=back,
            open_request=open_request,
        )

    async def _endpoints(self, model: ModelName) -> tuple[ServingEndpoint, ...] | None:
        try:
            return await self._shelf.serving.endpoints_serving(model)
        except BackEndError:
            return None

    async def _fresh(self, model: RegisteredModel) -> RegisteredModel | None:
        """Read a listed model again: lists may come without aliases, and it may be gone."""
        try:
            return await self._shelf.registry.model(model.name)
        except NotFoundError:
            return None
