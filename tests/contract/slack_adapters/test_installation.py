"""How the app is installed: a scope that is missing, and another slash command."""

import logging

import pytest

from bot.adapters import slack_calls
from bot.adapters.slack_answers import SlackAnswers
from bot.adapters.slack_calls import slack_client
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_notifier import SlackNotifier
from bot.domain.errors import BackEndRefusedError, TooLateError
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.domain.refusal import Refusal
from bot.views.modals import loading_modal
from bot.views.render import render
from tests.contract.slack_adapters.conftest import HandClock
from tests.contract.slack_double.double import STALE, Double, running

LEAD, CHANNEL = SlackUserId("U0MLLEAD"), ChannelId("C0RELEASES")
HINT = Refusal(what="Nothing is open", remedies=("See all: `/model requests all`",))


@pytest.fixture(autouse=True)
def nothing_was_told_yet() -> None:
    """What is told once in the life of a process may have been told to an earlier test."""
    slack_calls._tell_once.cache_clear()
    slack_calls._tell_of_token.cache_clear()


async def test_a_missing_scope_is_named_once_in_the_log_with_what_to_do(
    double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.workspace.scopes -= {"usergroups:read"}
    client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
    with caplog.at_level(logging.ERROR, logger="bot.adapters.slack_calls"):
        for _ in range(3):
            with pytest.raises(BackEndRefusedError, match="missing_scope usergroups:read"):
                await SlackDirectory(client, HandClock()).members("ml-leads")
    (told,) = caplog.messages
    assert "the app lacks the scope usergroups:read" in told
    assert "Add it to the app as in manifest.yml, install the app to the workspace again" in told


async def test_a_token_that_slack_does_not_know_is_told_once(
    double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    client = slack_client("xoxb-stranger", f"{double.origin}/api/", double.session)
    with caplog.at_level(logging.ERROR, logger="bot.adapters.slack_calls"):
        for _ in range(2):
            with pytest.raises(BackEndRefusedError, match="invalid_auth"):
                await SlackDirectory(client, HandClock()).person(LEAD)
    (told,) = caplog.messages
    assert told.startswith("Slack does not know the SLACK_BOT_TOKEN (invalid_auth). Install the")
    assert "xoxb-stranger" not in caplog.text


async def test_a_click_that_is_too_old_for_a_form_is_told_from_a_refusal() -> None:
    async with running(STALE) as double:
        client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
        trigger = double.workspace.triggers.issue(LEAD)
        with pytest.raises(TooLateError, match="expired_trigger_id"):
            await SlackAnswers(client, double.session).open(trigger, loading_modal("Details"))


async def test_private_answers_and_threads_name_the_configured_command(double: Double) -> None:
    client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
    to = Addressee(user=LEAD, channel=CHANNEL)
    await SlackAnswers(client, double.session, "/release").answer(to, render(HINT))
    notifier = SlackNotifier(client, slash="/release", post_spacing_s=0)
    await notifier.tell(LEAD, "See `/model requests`")
    places = (await double.see("workspace", user=LEAD))["channels"]
    direct = next(place["id"] for place in places if place["id"].startswith("D"))
    assert (await double.messages(LEAD, direct))[-1]["text"] == "See `/release requests`"
    ephemeral = (await double.messages(LEAD, CHANNEL))[-1]
    assert "`/release requests all`" in ephemeral["text"]
    assert "/model" not in str(ephemeral["blocks"])
