"""Changes of unusual models, and people who decide at once, twice, too late or without a right."""

import pytest

from bot.sandbox.tour.stage import actions, words
from tests.flow.bad_input.world import (
    ADMIN,
    APPROVE,
    GUEST,
    LEAD,
    LEAD2,
    MORE,
    REJECT,
    REQUESTER,
    VIEWER,
    World,
    at_once,
    until,
)

pytestmark = pytest.mark.xdist_group("bad input")
"""They share one sandbox, one after the other."""

ASSISTANT = "promote gcn_rag_assistant 2"


async def test_a_first_release_without_an_endpoint_has_no_way_back(world: World) -> None:
    said = await world.told(REQUESTER, "compare churn")
    assert "churn has no champion to compare with" in said
    assert "it has no champion" in await world.told(REQUESTER, "rollback churn")
    card = await world.ask("promote churn 1 because it is the first")
    said = words(card)
    assert "no endpoint changes: only aliases move" in said
    assert "champion none → v1" in said
    assert "If it goes wrong: no way back, nothing was champion before" in said
    await world.clicked(LEAD, card, APPROVE)
    await world.becomes(card, "✅ churn v1 is champion")
    assert (await world.control.truth())["models"]["prod.ml_team.churn"]["champion"] == 1
    said = await world.told(REQUESTER, "rollback churn")
    assert "v1 is the first champion that Herald has seen" in said


async def test_the_neighbour_on_a_shared_endpoint_stays_as_it_is(world: World) -> None:
    before = await _neighbours(world)
    card = await world.ask("promote rules 2 because fewer false alarms")
    said = words(card)
    assert "v1 50 % → v2 50 % (shared with prod.fraud.scorer: unchanged)" in said
    await world.clicked(LEAD, card, APPROVE)
    await world.becomes(card, "✅ rules v2 is champion and serves 50 % of fraud-shared")
    assert await _neighbours(world) == before


async def _neighbours(world: World) -> list[object]:
    entities = (await world.control.truth())["endpoints"]["fraud-shared"]["entities"]
    return [entity for entity in entities if entity["model"] != "prod.fraud.rules"]


async def test_an_endpoint_out_of_step_is_shown_whether_the_plan_touches_it_or_not(
    world: World,
) -> None:
    for version, plan in ((3, "v2 100 % → v3 100 %"), (2, "no endpoint changes")):
        card = await world.ask(f"promote ranker {version}")
        assert "Out of step now: ranker serves v2, champion is v1" in words(card)
        assert plan in words(card)
        await world.withdraw(card)
    assert "ranker serves v2, champion is v1" in await world.told(REQUESTER, "check ranker 3")


async def test_a_second_request_leads_to_the_first(world: World) -> None:
    card = await world.ask(ASSISTANT)
    said = await world.told(LEAD, ASSISTANT)
    assert "Nothing was filed while another request is open for this model" in said
    assert "waits for approval (v2 as champion)" in said
    assert "See it, decide or cancel there: /model request CR-" in said
    await world.withdraw(card)


async def test_two_people_asking_at_once_make_one_request(world: World) -> None:
    known = {m["ts"] for m in await world.messages()}
    said = await at_once(world.told(REQUESTER, ASSISTANT), world.told(LEAD, ASSISTANT))
    assert sorted("another request is open" in line for line in said) == [False, True]
    assert await until(lambda: _is_posted(world, known))
    (card,) = [m for m in await world.messages() if m["ts"] not in known]
    await world.withdraw(card, ADMIN)


async def _is_posted(world: World, known: set[str]) -> bool:
    return any(m["ts"] not in known for m in await world.messages())


async def test_those_who_may_not_decide_are_told_who_may_and_nothing_changes(
    world: World,
) -> None:
    card = await world.ask(ASSISTANT)
    said = await world.told_on_click(VIEWER, card, APPROVE)
    assert "Only ml-leads can decide on CR-" in said
    assert "Your click changed nothing." in said
    assert "those who can: @" in said
    said = await world.told_on_click(REQUESTER, card, APPROVE)
    assert "so your word does not count. Your click changed nothing." in said
    said = await world.told_on_click(GUEST, card, APPROVE)
    assert "guest accounts cannot do this" in said
    said = await world.told_on_click(VIEWER, card, MORE, "cancel")
    assert "is not cancelled. Your click changed nothing." in said
    assert "none of your roles may cancel" in said
    assert APPROVE in actions(await world.card(card))
    await world.withdraw(card)


async def test_two_people_and_two_clicks_at_once_have_one_effect(world: World) -> None:
    card = await world.ask("promote scorer 4 because better recall")
    calls = len(await world.control.calls())
    await at_once(
        world.clicked(LEAD, card, APPROVE),
        world.clicked(LEAD, card, APPROVE),
        world.clicked(LEAD2, card, APPROVE),
        world.clicked(LEAD2, card, REJECT),
    )
    said = await world.becomes(card, "✅ scorer v4 is champion")
    assert said.count("Approved by") == 1
    puts = [c["path"] for c in (await world.control.calls())[calls:] if c["method"] == "PUT"]
    assert len(puts) == len(set(puts)) == 2
    late = await world.told_on_click(LEAD2, card, APPROVE)
    assert "is closed: scorer v4 became champion. Your click changed nothing." in late


async def test_a_withdrawn_request_says_by_whom_and_its_old_buttons_tell_the_truth(
    world: World,
) -> None:
    card = await world.ask(ASSISTANT)
    await world.withdraw(card)
    said = await world.becomes(card, "Withdrawn by @U0REQUESTER")
    assert "gcn_rag_assistant v2 was not promoted: withdrawn before it began" in said
    for action, value in ((APPROVE, None), (REJECT, None), (MORE, "cancel")):
        user = REQUESTER if action == MORE else LEAD
        told = await world.told_on_click(user, card, action, value)
        assert "is closed: cancelled. Your click changed nothing." in told


async def test_a_rejection_takes_its_reason_in_a_modal_and_quotes_it_harmlessly(
    world: World,
) -> None:
    card = await world.ask(ASSISTANT)
    await world.clicked(LEAD, card, REJECT)
    assert "Reject CR-" in str(await world.modal(LEAD))
    answer = await world.submit(LEAD, "soak is <!channel> *short* \u202e & “risky”")
    assert answer["ok"], answer
    said = await world.becomes(card, "was not promoted: rejected")
    assert "Rejected by @U0MLLEAD" in said
    assert "<!channel>" not in str((await world.card(card))["text"])
    assert "& “risky”" in said
    told = await world.told_on_click(LEAD2, card, APPROVE)
    assert "is closed: rejected. Your click changed nothing." in told


async def test_a_rejection_without_a_right_is_refused_at_the_click(world: World) -> None:
    card = await world.ask(ASSISTANT)
    said = await world.told_on_click(VIEWER, card, REJECT)
    assert "Only ml-leads can decide on CR-" in said
    await world.withdraw(card)


NASTY = "<!channel> <@U0MLLEAD> *bold* `code` “quoted” — \u00a0 \x1b[31m 👩‍👩‍👧‍👦 " + "x" * 2900


async def test_a_reason_is_kept_whole_and_rings_nobody(world: World) -> None:
    card = await world.ask(f"{ASSISTANT} because {NASTY}")
    said = words(card)
    assert "“quoted” —" in said
    assert "👩‍👩‍👧‍👦" in said
    assert "\x1b" not in str(card)
    assert "<!channel>" not in str(card)
    assert "<@U0MLLEAD>" not in str(card)
    await world.withdraw(card)
