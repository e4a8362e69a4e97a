"""What endpoints did: each minute once, summed up by the hour, and how they were last seen."""

import math
from datetime import timedelta
from typing import Any

from bot.domain.figures import Reading, Sample, figures_of
from bot.domain.health import Observation, health_of
from bot.domain.names import EndpointName
from bot.domain.store import Store
from tests.builders import ENDPOINT, MODEL, NOW, make_endpoint

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EARLIER, LATER = NOW.replace(minute=0), NOW + timedelta(hours=2)


def observation(name: EndpointName = ENDPOINT, **fields: Any) -> Observation:
    counts = {"requests": 10, "client_errors": 1, "server_errors": 2}
    known = counts | {"latency": {50.0: 7, math.inf: 3}}
    sample = Sample(endpoint=name, since=NOW - MINUTE, at=NOW, **{**known, **fields})
    endpoint = make_endpoint(name=name)
    health = health_of(endpoint, {MODEL: 6}, figures_of(sample))
    reading = Reading(at=NOW, requests={"a": 4}, latency={"a": {math.inf: 9}})
    return Observation(health=health, sample=sample, reading=reading)


async def add(store: Store, minutes_later: int, *observations: Observation) -> None:
    async with store.transaction() as work:
        await work.samples.add(NOW + minutes_later * MINUTE, observations)


async def test_an_observation_comes_back_as_it_was(store: Store) -> None:
    await add(store, 0, observation())
    async with store.transaction() as work:
        assert await work.samples.observed() == (observation(),)


async def test_only_the_newest_look_is_kept(store: Store) -> None:
    await add(store, 0, observation(), observation(EndpointName("gone")))
    await add(store, 1, observation(requests=11))
    async with store.transaction() as work:
        (seen,) = await work.samples.observed()
    assert seen.sample.requests == 11


async def test_samples_add_up(store: Store) -> None:
    await add(store, 0, observation())
    await add(store, 1, observation(requests=5, server_errors=None, latency={50.0: 5}))
    await add(store, 40, observation())
    async with store.transaction() as work:
        found = (await work.samples.figures(EARLIER, LATER))[ENDPOINT]
    assert (found.requests, found.client_errors) == (25, 3)
    assert (found.server_errors, found.judged) == (4, 20)
    assert found.latency == {50.0: 19, math.inf: 6}


async def test_figures_know_when_the_newest_of_them_were_taken(store: Store) -> None:
    other = EndpointName("other")
    await add(store, 0, observation(), observation(other))
    await add(store, 40, observation())
    async with store.transaction() as work:
        found = await work.samples.figures(EARLIER, LATER)
        before = await work.samples.figures(EARLIER, NOW + 40 * MINUTE)
    assert (found[ENDPOINT].newest, found[other].newest) == (NOW + 40 * MINUTE, NOW)
    assert before[ENDPOINT].newest == NOW


async def test_of_hours_whose_minutes_are_gone_the_end_counts(store: Store) -> None:
    await add(store, 0, observation())
    async with store.transaction() as work:
        await work.samples.prune(LATER, EARLIER)
        found = await work.samples.figures(EARLIER, LATER)
    assert found[ENDPOINT].newest == EARLIER + HOUR


async def test_the_same_minute_counts_once(store: Store, replica: Store) -> None:
    await add(store, 0, observation())
    await add(replica, 0, observation(requests=99))
    async with store.transaction() as work:
        assert (await work.samples.figures(EARLIER, LATER))[ENDPOINT].requests == 10


async def test_a_minute_is_taken_on_once(store: Store, replica: Store) -> None:
    taken = []
    for each in (store, replica, store):
        async with each.transaction() as work:
            taken.append(await work.samples.begin(NOW))
    assert taken == [True, False, False]


async def test_an_unknown_sample_leaves_no_figures(store: Store) -> None:
    blank = observation(requests=None, client_errors=None, server_errors=None, latency=None)
    await add(store, 0, blank)
    async with store.transaction() as work:
        assert await work.samples.figures(EARLIER, LATER) == {}
        assert await work.samples.observed() == (blank,)


async def test_other_hours_do_not_count(store: Store) -> None:
    await add(store, 0, observation())
    async with store.transaction() as work:
        assert await work.samples.figures(NOW, LATER) == {}
        assert await work.samples.figures(EARLIER - HOUR, EARLIER) == {}
        assert ENDPOINT in await work.samples.figures(EARLIER, NOW)


async def test_what_is_old_is_taken_out(store: Store) -> None:
    await add(store, 0, observation())
    async with store.transaction() as work:
        assert await work.samples.begin(NOW)
        assert await work.samples.began() == NOW.replace(minute=0)
        await work.samples.prune(NOW, NOW)
        assert await work.samples.began() is None
        assert ENDPOINT not in await work.samples.figures(EARLIER, LATER)
        assert not await work.samples.begin(NOW)
        await work.samples.prune(NOW + MINUTE, NOW)
        assert await work.samples.begin(NOW)


async def test_no_endpoint_leaves_nothing_seen(store: Store) -> None:
    await add(store, 0, observation())
    await add(store, 1)
    async with store.transaction() as work:
        assert await work.samples.observed() == ()


async def test_figures_of_some_endpoints_leave_the_others_out(store: Store) -> None:
    other = EndpointName("other")
    await add(store, 0, observation(), observation(other))
    async with store.transaction() as work:
        found = await work.samples.figures(EARLIER, LATER, frozenset({other}))
        none = await work.samples.figures(EARLIER, LATER, frozenset())
    assert (set(found), none) == ({other}, {})
