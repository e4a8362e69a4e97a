"""Reads the whole evidence for a change: what its checks need, and nothing more."""

import asyncio

from bot.domain.errors import NotFoundError
from bot.domain.evidence import Needs, PolicyFacts, VersionEvidence
from bot.domain.names import AliasName, short_name
from bot.domain.ports import Clock, ModelRegistry, ServingPlatform
from bot.domain.registry import RegisteredModel
from bot.services.live_facts import Asked, LiveFacts
from bot.services.targets import Found
from bot.services.version_reader import VersionReader, Wanted


class EvidenceReader:
    """Collects facts from registry, tracking, artifacts, serving and Herald's own record.

    A back end that does not answer raises: an outage is no evidence. A part that is refused or
    broken is noted as unreadable, so that the checks which need it block.
    """

    def __init__(
        self,
        registry: ModelRegistry,
        serving: ServingPlatform,
        versions: VersionReader,
        live: LiveFacts,
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._serving = serving
        self._versions = versions
        self._live = live
        self._clock = clock

    async def facts(self, asked: Asked) -> PolicyFacts:
        """Return the facts on which to decide whether the alias may name the version.

        Raises:
            NotFoundError: There is no such model or version.
            BackEndUnavailableError: Something did not answer.
        """
        found, needs = asked.found, asked.needs
        registered, endpoints, candidate, live = await asyncio.gather(
            self._registry.model(found.model),
            self._serving.endpoints_serving(found.model),
            self._versions.evidence(found.model, found.version, _of_candidate(needs)),
            self._live.read(asked),
        )
        current, figures = await asyncio.gather(
            self._current(registered, found.alias, candidate, needs),
            self._live.figures(needs.windows, (endpoint.name for endpoint in endpoints)),
        )
        aliases = registered.aliases
        return PolicyFacts(
            model=registered,
            alias=found.alias,
            candidate=candidate,
            current=current,
            endpoints=endpoints,
            evaluated_at=self._clock.now(),
            held_since={a: at for a, at in live.held.items() if aliases.get(a) == found.version},
            figures=figures,
            privileges=live.privileges,
            unreadable=live.unreadable,
        )

    async def gone(self, found: Found, error: NotFoundError) -> str:
        """Return, for people, what of a change the registry does not have any more.

        Raises:
            NotFoundError: It has all; then ``error`` is about something else, and is raised.
        """
        try:
            model = await self._registry.model(found.model)
        except NotFoundError:
            return f"{short_name(found.model)} is not in the registry any more"
        try:
            await self._registry.version(found.model, found.version)
        except NotFoundError:
            return f"v{found.version} is not in the registry any more"
        try:
            await self._registry.version(found.model, model.aliases.get(found.alias, found.version))
        except NotFoundError:
            return f"the version that {found.alias} names is not in the registry any more"
        raise error

    async def pair(
        self, model: RegisteredModel, alias: AliasName, base: int, other: int, needs: Needs
    ) -> PolicyFacts:
        """Return the facts for comparing ``other`` with ``base``, without live ones."""
        one, two = await asyncio.gather(
            self._versions.evidence(model.name, base, _of_current(needs)),
            self._versions.evidence(model.name, other, _of_current(needs)),
        )
        return PolicyFacts(
            model=model,
            alias=alias,
            candidate=two,
            current=one,
            endpoints=(),
            evaluated_at=self._clock.now(),
        )

    async def _current(
        self, model: RegisteredModel, alias: AliasName, candidate: VersionEvidence, needs: Needs
    ) -> VersionEvidence | None:
        named = model.aliases.get(alias)
        if named is None:
            return None
        if named == candidate.version.version:
            return candidate
        return await self._versions.evidence(model.name, named, _of_current(needs))


def _of_candidate(needs: Needs) -> Wanted:
    files = needs.files | needs.both_files
    return Wanted(files=files, artifacts=needs.artifacts, tables=needs.tables)


def _of_current(needs: Needs) -> Wanted:
    return Wanted(files=needs.both_files)
