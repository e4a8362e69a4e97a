"""People of several roles who have to agree, on evidence that moves, and under freezes."""

import pytest

from bot.sandbox.tour.stage import actions, words
from tests.flow.bad_input.world import APPROVE, LEAD, LEAD2, REQUESTER, VIEWER
from tests.flow.policies.scene import Scene

pytestmark = pytest.mark.xdist_group("policies")
"""They share one sandbox, one after the other."""

RISK = "U0RISK"
SCORER, IRIS = "prod.fraud.scorer", "prod.ml_team.iris_classifier"
DONE = "✅ iris_classifier v2 is champion and serves 100 % of iris-classifier"


async def test_each_role_needs_a_person_of_its_own_who_holds_it(scene: Scene) -> None:
    card = await scene.ask("promote scorer 4 because better recall")
    number = await scene.requested(SCORER, 4)
    assert "☐ ml-leads 0/1 (@Leo Lindqvist or @Lena Okafor can)" in words(card)
    assert "☐ risk 0/1 (@Lena Okafor or @Ravi Iyer can)" in words(card)
    said = await scene.told_on_click(VIEWER, card, APPROVE)
    assert f"Only ml-leads and risk can decide on CR-{number}" in said
    assert (VIEWER, "access.refused") in scene.audited(f"CR-{number}")
    await scene.clicked(LEAD2, card, APPROVE)
    said = await scene.becomes(card, "1 more approval needed")
    assert "✓ ml-leads 1/1 @U0MLLEAD2" in said
    assert "☐ risk 0/1 (@Ravi Iyer can)" in said
    said = await scene.told_on_click(LEAD2, card, APPROVE)
    assert f"You have approved CR-{number} already. Your click changed nothing." in said
    await scene.withdraw(card)


async def test_what_moves_meanwhile_is_told_and_voids_what_was_agreed(scene: Scene) -> None:
    card = await scene.ask("promote scorer 3 because better recall")
    number = await scene.requested(SCORER, 3)
    await scene.clicked(LEAD, card, APPROVE)
    await scene.becomes(card, "1 more approval needed")
    await scene.tag(SCORER, 3, "owner", "risk@acme.example")
    said = await scene.becomes(card, "2 more approvals needed")
    moved = "tag owner: fraud@acme.example → risk@acme.example"
    assert f"Changed since it was asked: candidate v3: {moved}. 1 approval no longer counts" in said
    assert "☐ ml-leads 0/1" in said
    assert await scene.champion(SCORER) == 1
    assert ("herald", "change_request.evidence_renewed") in scene.audited(f"CR-{number}")
    card = await scene.card(card)
    await scene.clicked(LEAD, card, APPROVE)
    await scene.becomes(card, "1 more approval needed")
    await scene.clicked(RISK, await scene.card(card), APPROVE)
    said = await scene.becomes(card, "✅ scorer v3 is champion")
    assert "Approved by @U0MLLEAD, @U0RISK" in said
    report = await scene.told(VIEWER, "compliance scorer 3")
    assert f"approvals | ✓ | 2 people agreed, in CR-{number}" in report


async def test_a_freeze_refuses_and_holds_up_what_was_agreed_until_it_is_lifted(
    scene: Scene,
) -> None:
    await frozen(scene)
    said = await scene.told(REQUESTER, "promote iris_classifier 2")
    assert "iris_classifier is frozen until" in said
    assert "we migrate" in said
    assert "nothing was proposed" in said
    await scene.told(LEAD, "unfreeze iris_classifier because the migration waits")
    card = await scene.ask("promote iris_classifier 2 because fewer mistakes")
    await frozen(scene)
    await scene.clicked(LEAD, card, APPROVE)
    await scene.becomes(card, "approved, waiting: frozen until")
    assert await scene.champion(IRIS) == 1
    await scene.told(LEAD, "unfreeze iris_classifier because done")
    await scene.becomes(card, DONE)


async def test_a_rollback_is_never_frozen_and_overtakes_what_waits(scene: Scene) -> None:
    await promoted(scene)
    waiting = await scene.ask("promote iris_classifier 3 because it is quicker")
    await frozen(scene)
    back = await scene.ask("rollback iris_classifier because false alarms", LEAD)
    await scene.becomes(back, "iris_classifier is back on v1 (champion)")
    await scene.becomes(waiting, "iris_classifier v3 was not promoted: overtaken by CR-")
    assert APPROVE not in actions(await scene.card(waiting))
    await scene.told(LEAD, "unfreeze iris_classifier because over")


async def frozen(scene: Scene) -> None:
    """Freeze the model."""
    said = await scene.told(LEAD, "freeze iris_classifier for 2h because we migrate")
    assert f"{IRIS}: frozen until" in said


async def promoted(scene: Scene) -> None:
    """See that v2 is champion."""
    if await scene.champion(IRIS) != 2:
        card = await scene.ask("promote iris_classifier 2 because fewer mistakes")
        await scene.clicked(LEAD, card, APPROVE)
        await scene.becomes(card, DONE)
