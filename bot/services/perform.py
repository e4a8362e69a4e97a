"""Which code carries out which kind of step."""

from typing import assert_never

from bot.domain.errors import StepFailedError
from bot.domain.steps import StepKind, StepState
from bot.services.alias_steps import AliasSteps
from bot.services.endpoint_steps import EndpointSteps
from bot.services.execution import StepDone, StepWaits
from bot.services.step import StepWork
from bot.services.tag_steps import TagSteps
from bot.services.world import World, read_standing


class Perform:
    """Carries out single steps."""

    def __init__(
        self, world: World, endpoints: EndpointSteps, aliases: AliasSteps, tags: TagSteps
    ) -> None:
        self._world = world
        self._endpoints = endpoints
        self._aliases = aliases
        self._tags = tags

    async def perform(self, work: StepWork) -> StepDone | StepWaits:
        """Carry out a step once.

        Raises:
            StepFailedError: It cannot reach its goal.
        """
        match work.step.kind:
            case StepKind.CONFIRM:
                return StepDone()
            case StepKind.READ:
                return await self._tags.read(work)
            case StepKind.SET_ENDPOINT:
                return await self._endpoints.set(work)
            case StepKind.AWAIT_ENDPOINT:
                return await self._endpoints.wait(work)
            case StepKind.SET_ALIAS | StepKind.SET_TAGS | StepKind.VERIFY:
                return await self._registry_step(work)
            case _:
                assert_never(work.step.kind)

    async def _registry_step(self, work: StepWork) -> StepDone:
        if work.step.kind is StepKind.SET_ALIAS:
            return await self._aliases.set(work)
        if work.step.kind is StepKind.SET_TAGS:
            return await self._tags.set(work)
        return await self._verify(work)

    async def _verify(self, work: StepWork) -> StepDone:
        """Read everything back at the end; what reads otherwise than it should is a failure."""
        await work.guard()
        standing = await read_standing(self._world, work.request)
        undone = work.step.is_undo
        wrong = [s.line() for s in standing if not (s.is_before if undone else s.is_after)]
        wrong += _failed_undo_of_tags(work)
        if wrong:
            raise StepFailedError("; ".join(wrong))
        return StepDone()


def _failed_undo_of_tags(work: StepWork) -> list[str]:
    entry = work.journal.get("undo tags")
    failed = entry is not None and entry.state is StepState.FAILED
    return [f"tags of v{work.request.version}: {entry.error}"] if entry and failed else []
