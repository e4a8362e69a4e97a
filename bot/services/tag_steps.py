"""The step of the version's tags: who asked, who agreed, and where the record proves it."""

import json
from collections.abc import Mapping

from bot.domain.errors import StepFailedError
from bot.domain.evidence import OWN_TAG_PREFIX, VALIDATION_STATUS_TAG, is_own_tag
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock
from bot.domain.store import Store
from bot.services.electorate import agreement_on
from bot.services.execution import StepDone
from bot.services.step import StepWork
from bot.services.world import World

READ_STEP = "read"


class TagSteps:
    """Writes Herald's own tags of a version, and takes them back."""

    def __init__(self, world: World, store: Store, clock: Clock) -> None:
        self._world = world
        self._store = store
        self._clock = clock

    async def read(self, work: StepWork) -> StepDone:
        """Note the tags as they are before the change."""
        return StepDone(output=json.dumps(await self._own_tags(work), sort_keys=True))

    async def set(self, work: StepWork) -> StepDone:
        """Write the tags, or bring the earlier ones back, and read them back.

        Raises:
            StepFailedError: The write did not hold.
        """
        goal = _earlier(work) if work.step.is_undo else await self._goal(work)
        now = await self._own_tags(work)
        changes: dict[str, str | None] = {key: None for key in now if key not in goal}
        changes |= {key: value for key, value in goal.items() if now.get(key) != value}
        if changes:
            await work.guard()
            version = work.request.version
            await self._world.writer.set_tags(work.model, version, changes)
            await self._prove(work, goal)
        return StepDone(output=json.dumps(goal, sort_keys=True))

    async def _prove(self, work: StepWork, goal: Mapping[str, str]) -> None:
        now = await self._own_tags(work)
        if now != goal:
            keys = sorted(k for k in {*now, *goal} if now.get(k) != goal.get(k))
            raise StepFailedError(f"the registry took the tags and shows others: {', '.join(keys)}")

    async def _own_tags(self, work: StepWork) -> dict[str, str]:
        await work.guard()
        version = await self._world.registry.version(work.model, work.request.version)
        return {key: value for key, value in version.tags.items() if is_own_tag(key)}

    async def _goal(self, work: StepWork) -> dict[str, str]:
        if work.entry.output:
            return _tags(work.entry.output)
        request = work.request
        async with self._store.transaction() as stored:
            decisions = await stored.decisions.of(request.id)
            head = await stored.audit.head()
        parts = agreement_on(request, decisions).parts
        approvers = dict.fromkeys(person for part in parts for person in part.people)
        back = request.kind is ChangeKind.ROLL_BACK
        return {
            VALIDATION_STATUS_TAG: "approved",
            f"{OWN_TAG_PREFIX}request": request.label,
            f"{OWN_TAG_PREFIX}change": "rollback" if back else "promotion",
            f"{OWN_TAG_PREFIX}requested_by": request.requester,
            f"{OWN_TAG_PREFIX}approved_by": ",".join(approvers) or "policy",
            f"{OWN_TAG_PREFIX}audit_head": head,
        }


def _earlier(work: StepWork) -> dict[str, str]:
    entry = work.journal.get(READ_STEP)
    return _tags(entry.output) if entry else {}


def _tags(text: str) -> dict[str, str]:
    tags: dict[str, str] = json.loads(text) if text else {}
    return tags
