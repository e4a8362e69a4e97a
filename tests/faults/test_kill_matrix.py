"""kill -9 at four points of every step: nothing agreed is lost, nothing is done twice."""

import multiprocessing
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.audit import verify_chain
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.ledger import Cause, alias_place
from bot.domain.names import EndpointName
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.registry import RegisteredModel
from bot.domain.serving import Route
from bot.domain.steps import StepState, forward_steps, undo_steps
from bot.domain.store import RequestQuery
from bot.persistence.database import open_store
from tests.fakes.world import ARCHIVED, CHALLENGER, CHAMPION, MODEL, ShiftedClock
from tests.faults.killable import Files, FileWorld, Kill, Point, Story, live, new_world, read_world

AFTER_THE_LEASE_S = 60
ENDPOINTS = (EndpointName("fraud-scorer"), EndpointName("fraud-second"))

_SIX = (Route(version=6, traffic_percentage=100, entity="scorer-6"),)
_SEVEN = (Route(version=7, traffic_percentage=100, entity="scorer-7"),)
PLAN = Plan(
    model=MODEL,
    version=7,
    endpoints=tuple(EndpointChange(endpoint=name, before=_SIX, after=_SEVEN) for name in ENDPOINTS),
    aliases=(
        AliasChange(alias=ARCHIVED, before=5, after=6),
        AliasChange(alias=CHAMPION, before=6, after=7),
        AliasChange(alias=CHALLENGER, before=7, after=None),
    ),
)
FORWARD = [step.name for step in forward_steps(PLAN)]
UNDO = [step.name for step in undo_steps(PLAN, [n for n in FORWARD if n != "verify"])]

CASES = [
    *((Story.SUCCEEDS, Kill(step, point)) for step in FORWARD for point in Point),
    *((Story.IS_UNDONE, Kill(step, point)) for step in UNDO for point in Point),
]

_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["tests.faults.killable"])


def _run(files: Files, story: Story, kill: Kill | None, ahead_s: int = 0) -> int:
    life = _SPAWN.Process(target=live, args=(files, story, kill, ahead_s))
    life.start()
    life.join(60)
    assert life.exitcode is not None, "the life did not end"
    return life.exitcode


@pytest.mark.parametrize(
    ("story", "kill"), CASES, ids=[f"{story}: {kill.step}, {kill.point}" for story, kill in CASES]
)
async def test_a_restart_goes_on_to_a_legal_end(tmp_path: Path, story: Story, kill: Kill) -> None:
    files = Files(tmp_path)
    new_world(files)
    assert _run(files, story, kill) == -signal.SIGKILL, "the kill did not happen"
    assert _run(files, story, None, AFTER_THE_LEASE_S) == 0
    world = read_world(files)
    await _the_record_is_whole(files, story)
    if story is Story.SUCCEEDS:
        _stands(world, version=7, aliases={ARCHIVED: 6, CHAMPION: 7})
    else:
        _stands(world, version=6, aliases={ARCHIVED: 5, CHAMPION: 6, CHALLENGER: 7})
    _nothing_was_done_twice(world)


@pytest.mark.parametrize("story", Story)
async def test_without_a_kill_the_story_ends_as_it_should(tmp_path: Path, story: Story) -> None:
    files = Files(tmp_path)
    new_world(files)
    assert _run(files, story, None) == 0
    request = await _the_record_is_whole(files, story)
    assert [step.name for step in forward_steps(request.evidence.plan)] == FORWARD
    _nothing_was_done_twice(read_world(files))


def _stands(world: FileWorld, version: int, aliases: dict[str, int]) -> None:
    model: RegisteredModel = world.registry.known[MODEL]
    assert dict(model.aliases) == aliases
    for endpoint in world.serving.endpoints.values():
        assert [entity.version for entity in endpoint.entities] == [version]
    tagged = "validation_status" in world.registry.numbered[MODEL, 7].tags
    assert tagged is (version == 7)


def _nothing_was_done_twice(world: FileWorld) -> None:
    writes = Counter([*world.registry.writes, *world.serving.writes])
    assert {write: count for write, count in writes.items() if count > 1} == {}


async def _the_record_is_whole(files: Files, story: Story) -> ChangeRequest:
    """Return the request after a look at state, decision, journal, ledger, audit and locks."""
    store = await open_store(files.url, ShiftedClock())
    async with store.transaction() as work:
        (request,) = await work.requests.find(RequestQuery())
        decisions = await work.decisions.of(request.id)
        journal = {e.step: e for e in await work.journal.of(request.id, 1)}
        events = await work.audit.all()
        ledger = await work.ledger.of(MODEL, alias_place(CHAMPION))
        holder = await work.claims.holder(f"model:{MODEL}")
        queued = await work.outbox.due(ShiftedClock(timedelta(days=1)).now(), 100)
    await store.close()
    wanted = RequestState.SUCCEEDED if story is Story.SUCCEEDS else RequestState.UNDONE
    assert request.state is wanted, (request.note, request.standing)
    assert len(decisions) == 1
    assert verify_chain(events) is None
    actions = [event.event.action for event in events]
    assert actions.count("change_request.begun") == 1
    assert holder is None
    assert any(entry.key == f"card:{request.id}" for entry in queued)
    written = [entry.cause for entry in ledger if entry.request == request.id]
    assert written == ([Cause.PROMOTE] if story is Story.SUCCEEDS else [Cause.PROMOTE, Cause.UNDO])
    ended = FORWARD if story is Story.SUCCEEDS else UNDO
    assert all(journal[step].state is StepState.DONE for step in ended)
    return request
