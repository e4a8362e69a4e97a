"""Modals and home tabs: opened by a trigger, filled in, submitted, stacked, closed."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack_double.double import QUICK, STALE, Json, running, until
from tests.contract.slack_double.echo_app import Echo, connected
from tests.contract.slack_double.modal_steps import RITA, because, modal, opened, titles


def answers_with(echo: Echo, **answer: Any) -> list[Json]:
    """Let the app answer each submission so; return what it is sent."""
    bodies: list[Json] = []

    async def submitted(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack(**answer)

    echo.app.view("reject")(submitted)
    return bodies


async def test_command_opens_a_modal_whose_submission_reaches_the_app() -> None:
    async with running() as double, connected(double) as echo:

        async def ask(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal())

        echo.app.command("/model")(ask)
        bodies = answers_with(echo)
        await double.human("command", user=RITA, channel="C0HEALTH", command="/model")
        await until(lambda: bool(double.workspace.state.stacks.get(RITA)))
        view = (await double.see("views", user=RITA))["views"][-1]
        outcome = await double.human(
            "submit", user=RITA, view_id=view["id"], values=because("worse recall")
        )

        assert outcome["ok"]
        assert bodies[0]["view"]["state"]["values"] == because("worse recall")
        assert bodies[0]["user"]["id"] == RITA
        assert await titles(double) == []
        assert double.rules_broken() == []


async def test_required_input_is_checked_before_the_app_hears() -> None:
    async with running() as double, connected(double) as echo:
        bodies = answers_with(echo)
        view = await opened(double)
        empty = await double.human("submit", user=RITA, view_id=view["id"])
        long = await double.human("submit", user=RITA, view_id=view["id"], values=because("x" * 21))

        assert empty["errors"] == {"why": "Please complete this required field."}
        assert long["errors"] == {"why": "Please enter at most 20 characters."}
        assert bodies == []


async def test_app_refuses_an_input_and_the_modal_stays() -> None:
    async with running() as double, connected(double) as echo:
        answers_with(echo, response_action="errors", errors={"why": "Say more."})
        view = await opened(double)
        outcome = await double.human("submit", user=RITA, view_id=view["id"], values=because("bad"))

        assert (outcome["ok"], outcome["errors"]) == (False, {"why": "Say more."})
        assert await titles(double) == ["Reject"]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({"response_action": "update", "view": modal("Working")}, ["Working"]),
        ({"response_action": "push", "view": modal("Sure?")}, ["Reject", "Sure?"]),
        ({"response_action": "clear"}, []),
    ],
)
async def test_submission_does_what_the_app_answers(answer: Json, left: list[str]) -> None:
    async with running() as double, connected(double) as echo:
        answers_with(echo, **answer)
        view = await opened(double)
        await double.human("submit", user=RITA, view_id=view["id"], values=because("bad"))

        assert await titles(double) == left


async def test_errors_for_a_block_that_is_not_there_are_a_violation() -> None:
    async with running() as double, connected(double) as echo:
        answers_with(echo, response_action="errors", errors={"where": "?"})
        view = await opened(double)
        await double.human("submit", user=RITA, view_id=view["id"], values=because("bad"))

        assert double.rules_broken() == ["invalid_response_errors"]


async def test_submission_nobody_acknowledges_leaves_the_modal_open() -> None:
    async with running(QUICK) as double, connected(double) as echo:

        async def dawdle(ack: AsyncAck) -> None:
            await asyncio.sleep(0.4)
            await ack()

        echo.app.view("reject")(dawdle)
        view = await opened(double)
        outcome = await double.human("submit", user=RITA, view_id=view["id"], values=because("bad"))

        assert outcome["error"] == "operation_timeout"
        assert await titles(double) == ["Reject"]


async def test_closing_is_told_to_an_app_that_asked_for_it() -> None:
    async with running() as double, connected(double) as echo:
        closed: list[Json] = []

        async def note(ack: AsyncAck, body: Json) -> None:
            closed.append(body)
            await ack()

        echo.app.view_closed("reject")(note)
        view = await opened(double, notify_on_close=True)
        outcome = await double.human("close", user=RITA, view_id=view["id"])

        assert outcome["ok"]
        assert [body["view"]["id"] for body in closed] == [view["id"]]
        assert await titles(double) == []


async def test_trigger_opens_one_modal_only() -> None:
    async with running() as double:
        trigger = double.workspace.triggers.issue(RITA)
        first = await double.api("views.open", trigger_id=trigger, view=modal())
        second = await double.api("views.open", trigger_id=trigger, view=modal())

        assert first["ok"]
        assert second["error"] == "exchanged_trigger_id"
        assert double.rules_broken() == ["exchanged_trigger_id"]


async def test_trigger_expires() -> None:
    async with running(STALE) as double:
        trigger = double.workspace.triggers.issue(RITA)
        answer = await double.api("views.open", trigger_id=trigger, view=modal())

        assert answer["error"] == "expired_trigger_id"
        assert double.rules_broken() == ["expired_trigger_id"]


async def test_trigger_that_was_never_given_out_is_invalid() -> None:
    async with running() as double:
        answer = await double.api("views.open", trigger_id="1.2.c", view=modal())

        assert answer["error"] == "invalid_trigger_id"


async def test_stack_holds_three_modals() -> None:
    async with running() as double:
        top = await opened(double)
        errors = []
        for number in range(3):
            trigger = double.workspace.triggers.issue(RITA, top["id"])
            answer = await double.api("views.push", trigger_id=trigger, view=modal(str(number)))
            errors.append(answer.get("error"))

        assert errors == [None, None, "push_limit_reached"]
        assert await titles(double) == ["Reject", "0", "1"]


async def test_old_hash_conflicts_and_changes_nothing() -> None:
    async with running() as double:
        view = await opened(double)
        change = {"view_id": view["id"], "hash": view["hash"]}
        first = await double.api("views.update", **change, view=modal("First"))
        second = await double.api("views.update", **change, view=modal("Second"))

        assert first["ok"]
        assert second["error"] == "hash_conflict"
        assert await titles(double) == ["First"]
        assert double.rules_broken() == []


async def test_update_keeps_what_was_filled_in() -> None:
    async with running() as double, connected(double) as echo:
        answers_with(echo, response_action="update", view=modal("Again"))
        view = await opened(double)
        await double.human("submit", user=RITA, view_id=view["id"], values=because("kept"))

        shown = (await double.see("views", user=RITA))["views"][0]
        assert shown["state"]["values"] == because("kept")


async def test_view_is_found_by_the_apps_own_id() -> None:
    async with running() as double:
        await opened(double, external_id="reject-1")
        answer = await double.api(
            "views.update", external_id="reject-1", view=modal("Found", external_id="reject-1")
        )

        assert answer["ok"]
        assert await titles(double) == ["Found"]


async def test_nobody_else_reaches_a_persons_modal() -> None:
    async with running() as double:
        view = await opened(double)
        outcome = await double.human(
            "submit", user="U0RISK", view_id=view["id"], values=because("mine")
        )

        assert (outcome["status"], outcome["error"]) == (404, "view_not_found")


async def test_what_was_done_in_a_channel_cannot_push_a_modal() -> None:
    async with running() as double:
        await opened(double)
        trigger = double.workspace.triggers.issue(RITA)
        answer = await double.api("views.push", trigger_id=trigger, view=modal())

        assert answer["error"] == "invalid_trigger_id"


async def test_only_the_topmost_modal_can_be_submitted() -> None:
    async with running() as double:
        below = await opened(double)
        trigger = double.workspace.triggers.issue(RITA, below["id"])
        await double.api("views.push", trigger_id=trigger, view=modal("Top"))
        outcome = await double.human(
            "submit", user=RITA, view_id=below["id"], values=because("bad")
        )

        assert (outcome["status"], outcome["error"]) == (409, "view_not_on_top")
