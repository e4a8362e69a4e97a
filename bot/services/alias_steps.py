"""The step of an alias: set it when it reads as it did on the other side, then read it back."""

from bot.domain.errors import StepFailedError
from bot.domain.ledger import LedgerEntry, alias_place
from bot.domain.names import AliasName
from bot.domain.ports import Clock
from bot.services.execution import StepDone
from bot.services.step import StepWork
from bot.services.world import World, version_text


class AliasSteps:
    """Moves one alias of one model."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock

    async def set(self, work: StepWork) -> StepDone:
        """Let the alias name the desired version.

        Raises:
            StepFailedError: It names a version of neither side, or the write did not hold.
        """
        change = work.step.alias
        if change is None:
            raise TypeError(f"step {work.step.name} names no alias")
        origin, goal = change.before, change.after
        if work.step.is_undo:
            origin, goal = goal, origin
        now = await self._read(work, change.alias)
        if now not in {origin, goal}:
            raise StepFailedError(
                f"{change.alias} was moved outside Herald: it is {version_text(now)} now"
            )
        if now != goal:
            await work.guard()
            await self._world.writer.set_alias(work.model, change.alias, goal)
            await self._prove(work, change.alias, goal)
        return StepDone(ledger=(self._entry(work, change.alias, goal),))

    async def _prove(self, work: StepWork, alias: AliasName, goal: int | None) -> None:
        now = await self._read(work, alias)
        if now != goal:
            raise StepFailedError(
                f"the registry took {alias} → {version_text(goal)} and still says "
                f"{version_text(now)}"
            )

    async def _read(self, work: StepWork, alias: AliasName) -> int | None:
        await work.guard()
        return (await self._world.registry.model(work.model)).aliases.get(alias)

    def _entry(self, work: StepWork, alias: AliasName, goal: int | None) -> LedgerEntry:
        return LedgerEntry(
            model=work.model,
            place=alias_place(alias),
            value=None if goal is None else str(goal),
            cause=work.cause,
            at=self._clock.now(),
            request=work.request.id,
        )
