"""A freeze from its declaration to its end, as people see it."""

import pytest

from bot.sandbox.tour.stage import words
from tests.flow.bad_input.world import APPROVE, LEAD, REQUESTER, VIEWER, World, until

pytestmark = pytest.mark.xdist_group("bad input")
"""They share one sandbox, one after the other."""

ASSISTANT = "promote gcn_rag_assistant 2 because it answers better"
MODEL = "sandbox.nasa_gcn_models.gcn_rag_assistant"


async def test_a_freeze_refuses_holds_up_and_is_lifted(world: World) -> None:
    card = await world.ask(ASSISTANT)
    said = await world.told(LEAD, "freeze gcn_rag_assistant for 1h because we migrate")
    assert f"{MODEL}: frozen until" in said
    assert "The channel of releases is told." in said
    assert await until(lambda: is_announced(world))
    await world.clicked(LEAD, card, APPROVE)
    await world.becomes(card, "approved, waiting: frozen until")
    await world.withdraw(card)
    said = await world.told(REQUESTER, ASSISTANT)
    assert "gcn_rag_assistant is frozen until" in said
    assert "nothing was proposed" in said
    assert f"/model unfreeze {MODEL}" in said
    assert MODEL in await world.told(VIEWER, "freezes")
    said = await world.told(REQUESTER, "unfreeze gcn_rag_assistant")
    assert "none of your roles may freeze" in said
    said = await world.told(LEAD, "unfreeze gcn_rag_assistant because done")
    assert f"{MODEL}: no longer frozen" in said
    await world.withdraw(await world.ask(ASSISTANT))


async def is_announced(world: World) -> bool:
    """Tell whether the newest message in the channel is about the freeze, and gives its reason."""
    shown = [words(m) for m in await world.messages(VIEWER) if not m.get("ephemeral")]
    return f"froze {MODEL} until" in shown[-1] and "we migrate" in shown[-1]
