"""What people type about automatic proposals, and what they are told."""

from dataclasses import replace

import pytest

from bot.domain.automatic import Automatic
from bot.domain.people import Action
from tests.fakes.world import CHALLENGER, LEAD, LEADS, VIEWER, Herald, policy_set
from tests.unit.handlers.chat import Chat


@pytest.fixture(autouse=True)
def _leads_may_automate(bot: Herald) -> None:
    policies = policy_set(automatic=Automatic(on=CHALLENGER, per_day=3))
    leads = policies.may[LEADS] | {Action.AUTOMATE}
    bot.policies.policies = replace(policies, may={**policies.may, LEADS: leads})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("automatic", "✅ Automatic proposals are on"),
        ("automatic maybe", "'maybe' is neither on nor off"),
        ("automatic off", "why?"),
        ("automatic off on because x", "too much: on"),
        (
            "automatic OFF because the training is broken",
            "🔒 Automatic proposals are off: nothing is proposed without a person",
        ),
    ],
)
async def test_a_line_about_automatic_proposals_is_answered(
    chat: Chat, line: str, said: str
) -> None:
    assert said in await chat.type(line, LEAD)


async def test_who_may_not_switch_is_told(chat: Chat) -> None:
    answer = await chat.type("automatic off because no", VIEWER)
    assert answer.startswith("❌ Nothing was switched")
