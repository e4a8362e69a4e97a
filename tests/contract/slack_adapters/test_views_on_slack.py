"""Slack takes every message and modal that Herald can show."""

from typing import Any

import pytest

from bot.domain.messages import RequestDetails
from bot.domain.names import AliasName, CardKey, ModelName
from bot.views.details_modal import details_modal
from bot.views.modals import failed_modal, loading_modal, promote_modal, reject_modal
from bot.views.render import render
from tests.builders import CHANNEL, LEAD
from tests.contract.slack_double.double import Double
from tests.unit.views.form_samples import FORMS, HOMES
from tests.unit.views.samples import ANSWERS, CARDS, JOURNAL, KEY

MODALS: dict[str, dict[str, Any]] = {
    "reject": reject_modal(KEY, "CR-1042"),
    "promote": promote_modal(
        CardKey("k" * 22), ModelName("prod.fraud.scorer"), 7, AliasName("champion")
    ),
    "loading": loading_modal("CR-1042"),
    "failed": failed_modal("CR-1042", "The registry does not answer"),
    **{
        f"details_{name}": details_modal(RequestDetails(card=card, journal=JOURNAL))
        for name, card in CARDS.items()
    },
    **{f"form_{name}": view for name, view in FORMS.items()},
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
async def test_slack_takes_the_message(double: Double, name: str) -> None:
    message = render(ANSWERS[name])
    answer = await double.api(
        "chat.postEphemeral",
        channel=CHANNEL,
        user=LEAD,
        text=message.text,
        blocks=list(message.blocks),
    )
    assert answer["ok"], answer
    assert double.rules_broken() == []


@pytest.mark.parametrize("name", sorted(MODALS))
async def test_slack_takes_the_modal(double: Double, name: str) -> None:
    trigger = double.workspace.triggers.issue(LEAD)
    answer = await double.api("views.open", trigger_id=trigger, view=MODALS[name])
    assert answer["ok"], answer
    assert double.rules_broken() == []


@pytest.mark.parametrize("name", sorted(HOMES))
async def test_slack_takes_the_home_tab(double: Double, name: str) -> None:
    answer = await double.api("views.publish", user_id=LEAD, view=HOMES[name])
    assert answer["ok"], answer
    assert double.rules_broken() == []
