"""Executes an approved request step by step, and undoes it in reverse when a step fails."""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.errors import (
    BackEndError,
    BackEndUnavailableError,
    GoneError,
    LostLeaseError,
    StaleWriteError,
    StepFailedError,
)
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.steps import JournalEntry, Step, StepKind, StepState, forward_steps, undo_steps
from bot.domain.store import Claim, Store
from bot.services.assess import Assessor
from bot.services.execution import Execution, Held, StepDone, StepWaits
from bot.services.perform import Perform
from bot.services.renew import Renew
from bot.services.step import StepWork

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=5)
"""Pause before a back end that did not answer is asked again."""
LOOK_AGAIN = timedelta(minutes=15)
"""Longest pause of a frozen request: policies may change, and its freeze with them."""


class Execute:
    """Takes one claimed request as far as it goes now."""

    def __init__(
        self, assessor: Assessor, renew: Renew, perform: Perform, store: Store, clock: Clock
    ) -> None:
        self._assessor = assessor
        self._renew = renew
        self._perform = perform
        self._store = store
        self._clock = clock

    async def run(self, claim: Claim) -> None:
        """Go on until the request ends, waits, or belongs to another replica."""
        execution = Execution(claim, self._store, self._clock)
        try:
            while await self._advance(execution):
                pass
            await execution.release()
        except LostLeaseError:
            return

    async def _advance(self, execution: Execution) -> bool:
        """Do one step; return whether there is another one to do now."""
        held = await execution.held()
        try:
            return await self._by_state(execution, held)
        except StaleWriteError:
            execution.forget()
            return True

    async def _by_state(self, execution: Execution, held: Held) -> bool:
        match held.request.state:
            case RequestState.QUEUED:
                is_frozen = await self._is_frozen(execution, held.request)
                return not is_frozen and await self._confirm(execution, held)
            case RequestState.WAITING:
                await execution.put(replace(held.request.go_on(), note=""))
                return True
            case RequestState.EXECUTING:
                return await self._forward(execution, held)
            case RequestState.UNDOING:
                return await self._undo(execution, held)
            case _:
                return False

    async def _confirm(self, execution: Execution, held: Held) -> bool:
        """Compare the evidence once more, under the locks and before the first write."""
        request = held.request
        entry = await execution.start(held, forward_steps(request.evidence.plan)[0])
        try:
            assessed = await self._assessor.reassess(request)
        except GoneError as gone:
            await execution.move(request.deny(self._clock.now(), gone.told))
            return False
        except BackEndError as error:
            unread = f"the evidence cannot be read ({error.back_end}: {error.detail})"
            await self._put_off(execution, request, unread)
            return False
        if isinstance(assessed.outcome, Refusal) and assessed.outcome.is_trouble:
            await self._put_off(execution, request, "; ".join(assessed.outcome.reasons))
            return False
        if _is_same(request, assessed.outcome):
            return await self._begin_unless_frozen(execution, request, entry)
        await execution.guard()
        await self._renew.with_evidence(request, assessed)
        return False

    async def _begin_unless_frozen(
        self, execution: Execution, request: ChangeRequest, entry: JournalEntry
    ) -> bool:
        if await self._is_frozen(execution, request):
            return False
        await execution.begin(request, entry)
        return True

    async def _is_frozen(self, execution: Execution, request: ChangeRequest) -> bool:
        """Leave a request queued while a freeze holds it up; what was agreed goes on counting."""
        freezes = await self._assessor.freezes(request.kind, request)
        if freezes:
            last = freezes[0]
            again = self._clock.now() + LOOK_AGAIN
            until = min(again, last.ends_at) if last.ends_at else again
            note = f"frozen {last.told_end} ({last.told_cause})"
            await execution.put(request.defer(until, note))
        return bool(freezes)

    async def _put_off(self, execution: Execution, request: ChangeRequest, why: str) -> None:
        """Leave a request queued: what cannot be told now voids nothing."""
        again = self._clock.now() + RETRY_AFTER
        await execution.put(request.defer(again, f"nothing has begun: {why}"))

    async def _forward(self, execution: Execution, held: Held) -> bool:
        request = held.request
        done = {name for name, entry in held.journal.items() if entry.state is StepState.DONE}
        step = next(s for s in forward_steps(request.evidence.plan) if s.name not in done)
        work = await self._begin(execution, held, step)
        result = await self._attempt(work)
        now = self._clock.now()
        if isinstance(result, str):
            await execution.fail(request, work.entry, result, request.undo(now, result))
            return True
        if isinstance(result, StepWaits):
            return await self._wait(execution, work, result)
        if step.kind is StepKind.VERIFY:
            await execution.move(request.succeed(now), work.entry)
            return False
        await execution.finish(request, work.entry, result)
        return True

    async def _undo(self, execution: Execution, held: Held) -> bool:
        ended = {n for n, entry in held.journal.items() if entry.state is not StepState.STARTED}
        steps = undo_steps(held.request.evidence.plan, set(held.journal))
        step = next(s for s in steps if s.name not in ended)
        work = await self._begin(execution, held, step)
        result = await self._attempt(work)
        if isinstance(result, StepWaits):
            if not self._is_overdue(work):
                return await self._wait(execution, work, result)
            result = result.detail
        if step.kind is StepKind.VERIFY:
            return await self._end_undo(execution, work, result)
        if isinstance(result, str):
            await execution.fail(held.request, work.entry, result, None)
        else:
            await execution.finish(held.request, work.entry, result)
        return True

    async def _end_undo(self, execution: Execution, work: StepWork, result: StepDone | str) -> bool:
        now = self._clock.now()
        if isinstance(result, str):
            standing = tuple(result.split("; "))
            failed = work.request.fail(now, standing)
            await execution.fail(work.request, work.entry, result, failed)
        else:
            await execution.move(work.request.finish_undo(now), work.entry)
        return False

    async def _begin(self, execution: Execution, held: Held, step: Step) -> StepWork:
        entry = await execution.start(held, step)
        return StepWork(
            request=held.request,
            step=step,
            entry=entry,
            journal={**held.journal, step.name: entry},
            guard=execution.guard,
        )

    async def _attempt(self, work: StepWork) -> StepDone | StepWaits | str:
        """Carry out a step; return a text when it cannot reach its goal."""
        try:
            return await self._perform.perform(work)
        except StepFailedError as error:
            return error.reason
        except BackEndUnavailableError as error:
            detail = f"{error.back_end} does not answer ({error.detail}); Herald keeps trying"
            if detail not in {work.request.note, work.entry.error}:
                log.warning("%s, %s: %s", work.request.label, work.step.name, detail)
            again = self._clock.now() + RETRY_AFTER
            return StepWaits(until=again, detail=detail, is_trouble=True)
        except BackEndError as error:
            return f"{error.back_end}: {error.detail}"

    async def _wait(self, execution: Execution, work: StepWork, waits: StepWaits) -> bool:
        """Give the time back; past its deadline a forward step calls a person."""
        request = work.request
        if not work.step.is_undo and self._is_overdue(work):
            note = f"{work.step.name} is not done after {work.step.deadline}: {waits.detail}"
            await execution.move(request.pause(self._clock.now(), note))
            return False
        waiting = request.wait(waits.until)
        if work.step.is_undo:
            await execution.hold_up(waiting, work.entry, waits)
        else:
            await execution.put(replace(waiting, note=waits.detail))
        return False

    def _is_overdue(self, work: StepWork) -> bool:
        return self._clock.now() - work.entry.started_at > work.step.deadline


def _is_same(request: ChangeRequest, outcome: Evidence | Refusal) -> bool:
    return isinstance(outcome, Evidence) and outcome.content_hash == request.evidence.content_hash
