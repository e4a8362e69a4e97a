"""Which endpoints there are, and everything about one of them."""

from dataclasses import replace

import pytest

from bot.domain.errors import BackEndUnavailableError, NotFoundError
from bot.domain.figures import Reading
from bot.domain.health import Condition, EndpointList, EndpointSheet
from bot.domain.names import EndpointName
from bot.domain.refusal import Refusal
from bot.services.endpoints import COUNTS_UP, resolved
from tests.fakes.world import CHAMPION, GUEST, MODEL, VIEWER, Herald, endpoint
from tests.unit.services.asking import ask

SCORER = EndpointName("fraud-scorer")
EU = EndpointName("eu-scorer")


async def listed(bot: Herald, *words: str) -> EndpointList:
    seen = await bot.core.services.endpoints.listed(words, VIEWER)
    assert isinstance(seen, EndpointList), seen
    return seen


async def test_endpoints_are_listed_with_what_they_serve_and_the_champion(bot: Herald) -> None:
    (only,) = (await listed(bot)).endpoints
    assert (only.endpoint.name, only.condition) == (SCORER, Condition.READY)
    (served,) = only.models
    assert (served.model, served.champion, served.is_skewed) == (MODEL, 6, False)


async def test_words_match_names_and_models(bot: Herald) -> None:
    bot.serving.endpoints[EU] = endpoint(EU)
    assert (await listed(bot, "EU")).total == 1
    assert (await listed(bot, "prod.fraud")).total == 2
    assert (await listed(bot, "prod.fraud", "iris")).total == 0


async def test_a_champion_that_is_not_served_is_seen(bot: Herald) -> None:
    bot.registry.move(MODEL, CHAMPION, 7)
    (only,) = (await listed(bot)).endpoints
    assert only.reasons == ("serves v6, champion is v7",)


async def test_an_endpoint_deleted_between_two_reads_is_left_out(bot: Herald) -> None:
    async def gone(call: str, name: str) -> None:
        if call == "endpoint" and name == EU:
            raise NotFoundError("The serving platform", "gone")

    bot.serving.endpoints[EU] = endpoint(EU)
    bot.serving.before = gone
    seen = await listed(bot)
    assert ([e.endpoint.name for e in seen.endpoints], seen.total) == ([SCORER], 1)
    sheet = await bot.core.services.endpoints.one(EU, VIEWER)
    assert isinstance(sheet, Refusal)
    assert sheet.reasons == ("eu-scorer: it was deleted a moment ago",)


async def test_an_endpoint_that_cannot_be_read_is_told(bot: Herald) -> None:
    async def down(call: str, _: str) -> None:
        if call == "endpoint":
            raise BackEndUnavailableError("The serving platform", "no answer")

    bot.serving.before = down
    assert (await listed(bot)).unread == ("fraud-scorer: The serving platform: no answer",)


async def test_a_silent_registry_leaves_the_champion_unknown(bot: Herald) -> None:
    async def down(call: str, _: str) -> None:
        if call == "model":
            raise BackEndUnavailableError("The registry", "no answer")

    bot.registry.before = down
    (only,) = (await listed(bot)).endpoints
    assert [(m.champion, m.is_champion_known) for m in only.models] == [(None, False)]
    assert only.reasons == ()


async def test_a_sheet_shows_the_open_request_and_why_there_are_no_figures(bot: Herald) -> None:
    request = await ask(bot)
    sheet = await bot.core.services.endpoints.one("scorer", VIEWER)
    assert isinstance(sheet, EndpointSheet)
    assert sheet.open_requests == {MODEL: request.id}
    assert (sheet.latest.requests, sheet.latest.problem) == (None, "nothing is measured")


async def test_metrics_that_only_count_up_are_told_as_such(bot: Herald) -> None:
    counted = Reading(at=bot.clock.now(), requests={"a": 900}, is_total=True)
    bot.metrics.readings[SCORER] = counted
    sheet = await bot.core.services.endpoints.one("fraud-scorer", VIEWER)
    assert isinstance(sheet, EndpointSheet)
    assert (sheet.latest.requests, sheet.latest.problem) == (None, COUNTS_UP)


async def test_a_guest_is_shown_nothing(bot: Herald) -> None:
    asked = bot.core.services.endpoints
    assert isinstance(await asked.listed((), GUEST), Refusal)
    assert isinstance(await asked.one("scorer", GUEST), Refusal)
    assert bot.metrics.read_names == []


async def test_an_external_model_has_no_champion(bot: Herald) -> None:
    plain = endpoint()
    (own,) = plain.entities
    outside = replace(own, name="gpt", model=None, version=None)
    bot.serving.endpoints[SCORER] = replace(plain, entities=(outside,))
    (only,) = (await listed(bot)).endpoints
    assert (only.models, only.reasons) == ((), ())


NAMES = [EndpointName(name) for name in ("fraud-scorer", "eu-scorer", "ranker", "Ranker-old")]


@pytest.mark.parametrize(
    ("word", "name"), [("ranker", "ranker"), ("RANKER", "ranker"), ("old", "Ranker-old")]
)
def test_the_end_of_a_name_is_enough(word: str, name: str) -> None:
    assert resolved(word, NAMES) == name


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("scorer", "'scorer' could be 2 endpoints"),
        ("fraud-scorr", "No endpoint 'fraud-scorr'. Did you mean fraud-scorer"),
        ("zzz", "No endpoint 'zzz'."),
    ],
)
def test_another_word_gets_what_comes_near(word: str, told: str) -> None:
    refused = resolved(word, NAMES)
    assert isinstance(refused, Refusal)
    assert refused.what.startswith(told)
