"""Samples, reports and digests: what endpoints did, and that everybody is told of it once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import BackEndUnavailableError
from bot.domain.figures import Reading
from bot.domain.health import Change, HealthReport
from bot.domain.home import EndpointLook
from bot.domain.names import CardKey, ChannelId, EndpointName
from bot.domain.refusal import Refusal
from bot.services.bounded import read_each
from bot.services.digest import AGAIN, Digest, DigestPlan
from bot.services.health import PERIOD
from bot.services.sampling import KEPT_HOURS, PRESENT, SeenEndpoints
from tests.fakes.world import CHAMPION, GUEST, MODEL, VIEWER, Herald, endpoint
from tests.unit.services.asking import ask, promoted

SCORER, EU = EndpointName("fraud-scorer"), EndpointName("eu-scorer")
MINUTE = timedelta(minutes=1)
HEALTH = ChannelId("C0HEALTH")


def measures(bot: Herald, requests: int, name: EndpointName = SCORER, **fields: Any) -> None:
    """Let an endpoint show this many requests of its last minute."""
    shown: dict[str, Any] = {
        "server_errors": {"a": 0},
        "latency": {"a": {50.0: requests}},
        **fields,
    }
    bot.metrics.readings[name] = Reading(at=bot.clock.now(), requests={"a": requests}, **shown)


async def minutes(bot: Herald, *requests: int) -> None:
    """Let minutes pass with so many requests each, and sample them."""
    for each in requests:
        bot.clock.ahead += MINUTE
        measures(bot, each)
        assert await bot.core.sampling.sample() == len(bot.serving.endpoints)


async def report(bot: Herald, *words: str) -> HealthReport:
    seen = await bot.core.services.health.report(words, VIEWER)
    assert isinstance(seen, HealthReport), seen
    return seen


async def test_samples_of_minutes_add_up(bot: Herald) -> None:
    await minutes(bot, 10, 20, 30)
    bot.clock.ahead += 2 * MINUTE
    measures(bot, 5)
    (only,) = (await report(bot)).endpoints
    assert (only.figures.requests, only.figures.success_ratio) == (65, 1.0)
    assert only.figures.p95 is not None


async def test_what_two_looks_see_together_counts_once(bot: Herald) -> None:
    await minutes(bot, 10, 20)
    (only,) = (await report(bot)).endpoints
    assert only.figures.requests == 30


async def test_a_minute_is_sampled_once(bot: Herald) -> None:
    await minutes(bot, 10)
    before = len(bot.metrics.read_names)
    assert await bot.core.sampling.sample() == 0
    assert len(bot.metrics.read_names) == before


async def test_counters_are_told_apart_across_samples(bot: Herald) -> None:
    for total in (1000, 1012, 1030):
        bot.clock.ahead += MINUTE
        measures(bot, total, is_total=True)
        await bot.core.sampling.sample()
    bot.clock.ahead += MINUTE
    measures(bot, 1031, is_total=True)
    (only,) = (await report(bot)).endpoints
    assert only.figures.requests == 31


async def test_an_endpoint_that_is_not_measured_is_no_data_with_its_reason(bot: Herald) -> None:
    (only,) = (await report(bot)).endpoints
    assert (only.figures.requests, only.figures.success_ratio, only.figures.p95) == (None,) * 3
    assert only.no_data == "nothing is measured"


async def test_silent_metrics_hold_nothing_up(bot: Herald) -> None:
    async def down(call: str, _: str) -> None:
        raise BackEndUnavailableError("The metrics of endpoints", f"no answer to {call}")

    await minutes(bot, 10)
    bot.metrics.before = down
    bot.clock.ahead += MINUTE
    assert await bot.core.sampling.sample() == 1
    (only,) = (await report(bot)).endpoints
    assert only.figures.requests == 10
    assert only.no_data == "The metrics of endpoints: no answer to metrics"


async def test_a_fresh_herald_does_not_claim_to_know_yesterday(bot: Herald) -> None:
    fresh = await report(bot)
    assert fresh.at - fresh.since == MINUTE
    await minutes(bot, 1)
    assert (await report(bot)).since == bot.clock.now().replace(minute=0, second=0, microsecond=0)


async def test_old_samples_are_taken_out(bot: Herald) -> None:
    await minutes(bot, 10)
    bot.metrics.readings.clear()
    bot.clock.ahead += KEPT_HOURS + 2 * timedelta(hours=1)
    minute = bot.clock.now().minute
    bot.clock.ahead += (60 - minute) * MINUTE
    await bot.core.sampling.sample()
    async with bot.store.transaction() as work:
        figures = await work.samples.figures(bot.clock.now() - 2 * KEPT_HOURS, bot.clock.now())
    assert figures == {}


async def test_words_choose_endpoints(bot: Herald) -> None:
    bot.serving.endpoints[EU] = endpoint(EU)
    assert [e.endpoint.name for e in (await report(bot, "eu")).endpoints] == [EU]
    assert (await report(bot, "nothing")).endpoints == ()


async def test_a_report_says_who_waits(bot: Herald) -> None:
    request = await ask(bot)
    waiting = (await report(bot)).waiting
    assert (waiting.total, waiting.oldest) == (1, request.created_at)


async def test_a_guest_gets_no_report(bot: Herald) -> None:
    assert isinstance(await bot.core.services.health.report((), GUEST), Refusal)
    assert isinstance(await bot.core.services.health.again(CardKey("k"), GUEST), Refusal)


async def test_a_shared_report_is_read_anew(bot: Herald) -> None:
    key = (await report(bot, "fraud")).key
    assert key is not None
    bot.registry.move(MODEL, CHAMPION, 7)
    again = await bot.core.services.health.again(key, VIEWER)
    assert isinstance(again, HealthReport)
    assert (again.key, again.shared_by, again.words) == (None, VIEWER, ("fraud",))
    assert len(again.needing_a_look) == 1


async def test_an_unknown_key_is_told(bot: Herald) -> None:
    assert isinstance(await bot.core.services.health.again(CardKey("k"), VIEWER), Refusal)


async def test_home_knows_what_needs_a_look_without_asking_anybody(bot: Herald) -> None:
    seen = SeenEndpoints(bot.store, bot.clock)
    assert await seen.needing_a_look() is None
    await minutes(bot, 10)
    assert await seen.needing_a_look() == ()
    bot.registry.move(MODEL, CHAMPION, 7)
    await minutes(bot, 10)
    assert await seen.needing_a_look() == ()
    bot.clock.ahead += timedelta(minutes=10)
    await minutes(bot, 10)
    expected = EndpointLook(name=SCORER, reasons=("serves v6, champion is v7",))
    assert await seen.needing_a_look() == (expected,)


async def test_a_promotion_leaves_nothing_to_look_at(bot: Herald) -> None:
    await minutes(bot, 10)
    await promoted(bot)
    await minutes(bot, 10)
    assert await SeenEndpoints(bot.store, bot.clock).needing_a_look() == ()


async def test_what_was_seen_long_ago_is_not_told_as_how_it_is(bot: Herald) -> None:
    await minutes(bot, 10)
    bot.clock.ahead += PRESENT - MINUTE
    assert await SeenEndpoints(bot.store, bot.clock).needing_a_look() == ()
    bot.clock.ahead += 2 * MINUTE
    assert await SeenEndpoints(bot.store, bot.clock).needing_a_look() is None


async def test_few_are_read_at_a_time() -> None:
    under_way, most = 0, 0

    async def read(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return number

    found, unread = await read_each(range(40), read, 4)
    assert (len(found), unread, most) == (40, {}, 4)


class Schedule:
    """A slot that is due for as long as a test wants."""

    def __init__(self, bot: Herald) -> None:
        self.slot: datetime | None = bot.clock.now().replace(microsecond=0)
        self.digest = self.of(bot)

    def of(self, bot: Herald, models: str = "*") -> Digest:
        plan = DigestPlan(channel=HEALTH, models=models, latest_slot=self._latest)
        return bot.core.digest(plan)

    def _latest(self, now: datetime) -> datetime | None:
        assert now.tzinfo is UTC
        return self.slot


async def test_a_digest_is_posted_once(bot: Herald) -> None:
    schedule = Schedule(bot)
    assert await schedule.digest.post_due()
    assert not await schedule.digest.post_due()
    assert not await schedule.of(bot).post_due()
    ((slot, posted),) = bot.notifier.health
    assert schedule.slot is not None
    assert (slot, posted.key) == (schedule.slot.isoformat(), None)
    assert posted.changes is None


async def test_without_a_slot_nothing_is_posted(bot: Herald) -> None:
    schedule = Schedule(bot)
    schedule.slot = None
    assert not await schedule.digest.post_due()
    assert bot.notifier.health == []


async def test_two_replicas_at_once_post_one(bot: Herald) -> None:
    schedule = Schedule(bot)
    posted = await asyncio.gather(schedule.digest.post_due(), schedule.of(bot).post_due())
    assert sorted(posted) == [False, True]
    assert len(bot.notifier.health) == 1


async def test_a_lost_answer_does_not_double_it(bot: Herald) -> None:
    schedule = Schedule(bot)
    bot.notifier.loses_answers = 1
    assert not await schedule.digest.post_due()
    bot.clock.ahead += AGAIN
    assert await schedule.digest.post_due()
    assert len(bot.notifier.health) == 1


@pytest.mark.parametrize("outage", ["slack", "platform"])
async def test_an_outage_delays_it(bot: Herald, outage: str) -> None:
    async def down(_: str, __: str) -> None:
        raise BackEndUnavailableError("The serving platform", "no answer")

    schedule = Schedule(bot)
    bot.notifier.is_down = outage == "slack"
    bot.serving.before = down if outage == "platform" else None
    assert not await schedule.digest.post_due()
    bot.notifier.is_down, bot.serving.before = False, None
    assert not await schedule.digest.post_due()
    bot.clock.ahead += AGAIN
    assert await schedule.digest.post_due()
    assert len(bot.notifier.health) == 1


async def test_a_digest_tells_what_moved_and_who_moved_it(bot: Herald) -> None:
    schedule = Schedule(bot)
    await schedule.digest.post_due()
    request = await promoted(bot)
    schedule.slot = bot.clock.now()
    assert await schedule.digest.post_due()
    changes = bot.notifier.health[-1][1].changes
    assert changes == (
        Change(model=MODEL, endpoint=SCORER, before=(6,), after=(7,), request=request.id),
        Change(model=MODEL, before=(6,), after=(7,), request=request.id),
    )


async def test_a_move_from_outside_has_no_request(bot: Herald) -> None:
    schedule = Schedule(bot)
    await schedule.digest.post_due()
    bot.registry.move(MODEL, CHAMPION, 7)
    changes = (await report(bot)).changes
    assert changes == (Change(model=MODEL, before=(6,), after=(7,)),)


async def test_a_move_from_outside_after_a_promotion_is_not_told_as_the_promotion(
    bot: Herald,
) -> None:
    await Schedule(bot).digest.post_due()
    request = await promoted(bot)
    bot.registry.move(MODEL, CHAMPION, 8)
    assert (await report(bot)).changes == (
        Change(model=MODEL, endpoint=SCORER, before=(6,), after=(7,), request=request.id),
        Change(model=MODEL, before=(6,), after=(8,)),
    )


async def test_a_digest_keeps_to_its_models(bot: Herald) -> None:
    schedule = Schedule(bot)
    assert await schedule.of(bot, "prod.iris.*").post_due()
    assert bot.notifier.health[0][1].endpoints == ()
    assert bot.notifier.health[0][1].words == ("prod.iris.*",)


async def test_a_digest_looks_back_to_the_one_before(bot: Herald) -> None:
    schedule = Schedule(bot)
    bot.clock.ahead -= PERIOD * 3
    await minutes(bot, 7)
    async with bot.store.transaction() as work:
        turn = await work.digests.claim(bot.clock.now(), AGAIN)
        assert turn is not None
        await work.digests.posted(turn, ())
    bot.clock.ahead += PERIOD * 3 + timedelta(hours=1)
    measures(bot, 5)
    assert await schedule.digest.post_due()
    (only,) = bot.notifier.health[0][1].endpoints
    assert only.figures.requests == 12
