"""What policies propose by themselves, from a challenger of somebody else's to the champion."""

import pytest

from tests.flow.bad_input.world import LEAD, REQUESTER, TAKEOVER_S, VIEWER
from tests.flow.policies.scene import Scene

pytestmark = pytest.mark.xdist_group("policies")
"""They share one sandbox, one after the other."""

CHURN, RULES, RANKER = "prod.ml_team.churn", "prod.fraud.rules", "prod.ml_team.ranker"
ASSISTANT = "sandbox.nasa_gcn_models.gcn_rag_assistant"


async def test_a_challenger_made_outside_becomes_champion_without_a_person(scene: Scene) -> None:
    await scene.known(CHURN)
    await scene.point(CHURN, "challenger", 1)
    number = await scene.requested(CHURN, 1)
    said = await scene.becomes(await scene.card_of(number), "✅ churn v1 is champion")
    assert "asked by a policy" in said
    assert "Approved by policy nightly: no person had to agree" in said
    assert await scene.champion(CHURN) == 1
    done = scene.audited(f"CR-{number}")
    assert done[0] == ("policy", "change_request.filed")
    assert {actor for actor, _ in done} == {"policy", "herald"}
    assert done[-1][1] == "change_request.succeeded"
    assert scene.ledger(CHURN, "alias:champion") == [("1", "promote", number)]
    asked = await scene.told(VIEWER, f"request CR-{number}")
    assert "policy nightly: churn v1 became challenger" in asked


async def test_a_bot_that_is_killed_once_it_has_filed_moves_the_alias_once(scene: Scene) -> None:
    await scene.known(RULES)
    await scene.point(RULES, "challenger", 2)
    number = await scene.requested(RULES, 2)
    scene.bot.kill()
    scene.bot.start()
    await scene.heard()
    card = await scene.card_of(number)
    await scene.becomes(card, "✅ rules v2 is champion and serves 50 % of fraud-shared", TAKEOVER_S)
    await scene.looked_again(RULES)
    assert await scene.champions_written(RULES) == ["2"]
    assert scene.requests(RULES, 2) == [number]
    ends = [action for _, action in scene.audited(f"CR-{number}")]
    assert ends.count("change_request.succeeded") == 1


async def test_switched_off_they_propose_nothing_until_somebody_switches_them_on(
    scene: Scene,
) -> None:
    refused = await scene.told(REQUESTER, "automatic off because I want it")
    assert "Nothing was switched" in refused
    said = await scene.told(LEAD, "automatic off because the nightly training is broken")
    assert "Automatic proposals are off: nothing is proposed without a person" in said
    assert "the nightly training is broken" in said
    await scene.point(RANKER, "challenger", 3)
    await scene.looked_again(RANKER)
    assert scene.ledger(RANKER, "alias:challenger")[-1][0] == "3"
    assert scene.requests(RANKER, 3) == []
    assert "Automatic proposals are on" in await scene.told(LEAD, "automatic on because mended")
    card = await scene.card_of(await scene.requested(RANKER, 3))
    await scene.becomes(card, "✅ ranker v3 is champion and serves 100 % of ranker")
    moved = scene.audited("automatic")
    assert moved[-2:] == [(LEAD, "automatic.off"), (LEAD, "automatic.on")]


async def test_the_limit_of_a_day_holds_and_people_can_read_it(scene: Scene) -> None:
    await scene.known(ASSISTANT)
    await scene.point(ASSISTANT, "challenger", 3)
    card = await scene.card_of(await scene.requested(ASSISTANT, 3))
    await scene.becomes(card, "✅ gcn_rag_assistant v3 is champion")
    await scene.point(ASSISTANT, "challenger", 2)
    await scene.looked_again(ASSISTANT)
    assert scene.requests(ASSISTANT, 2) == []
    said = await scene.told(VIEWER, "automatic")
    assert (
        "rare: proposes what becomes challenger, 1 of 1 today; the next ones wait for tomorrow"
        in said
    )
