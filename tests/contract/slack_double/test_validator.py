"""Every rule of Block Kit, provoked over raw HTTP."""

import copy
from typing import Any

import pytest

from bot.sandbox.slack.checks import UNSHARED_RULE
from bot.sandbox.slack.validator.surfaces import all_rules
from tests.contract.slack_double.double import Double, Json, running
from tests.contract.slack_double.length_cases import TOO_LONG, TOO_MANY
from tests.contract.slack_double.rare_blocks import RARE
from tests.contract.slack_double.rare_cases import RARE_CASES, RARE_LIMITS
from tests.contract.slack_double.rule_case import GONE, Case
from tests.contract.slack_double.rule_cases import CASES
from tests.contract.slack_double.sound_blocks import SOUND as USUAL
from tests.contract.slack_double.sound_blocks import SOUND_VIEWS

SOUND = USUAL | RARE
ALL_CASES = [*CASES, *RARE_CASES]
NAMED_ERRORS = {
    "message.tables": "only_one_table_allowed",
    "message.characters": "msg_blocks_too_long",
    "view.size": "view_too_large",
}


def changed(document: object, pointer: str, value: object) -> object:
    """Return a copy in which one value is replaced, added or left out."""
    if not pointer:
        return value
    document = copy.deepcopy(document)
    *path, last = pointer.lstrip("/").split("/")
    holder: Any = document
    for key in path:
        holder = holder[int(key)] if isinstance(holder, list) else holder[key]
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = [] if value is GONE else [value]
    elif value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return document


async def sent(double: Double, name: str, document: object) -> Json:
    """Send blocks to a channel, or show a view."""
    if name in SOUND:
        return await double.api("chat.postMessage", channel="C0HEALTH", text="x", blocks=document)
    if name == "home":
        return await double.api("views.publish", user_id="U0ADMIN", view=document)
    trigger = double.workspace.triggers.issue("U0ADMIN")
    return await double.api("views.open", trigger_id=trigger, view=document)


@pytest.mark.parametrize("name", [*SOUND, *SOUND_VIEWS])
async def test_sound_document_is_taken(name: str) -> None:
    async with running() as double:
        answer = await sent(double, name, (SOUND | SOUND_VIEWS)[name])

        assert answer["ok"], answer
        assert double.rules_broken() == []


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.rule} {case.sound}")
async def test_breach_is_refused_and_reported(case: Case) -> None:
    async with running() as double:
        broken = changed((SOUND | SOUND_VIEWS)[case.sound], case.change, case.value)
        answer = await sent(double, case.sound, broken)

        error = "invalid_blocks" if case.sound in SOUND else "invalid_arguments"
        assert answer["error"] == NAMED_ERRORS.get(case.rule, error)
        assert (case.rule, case.pointer) in [
            (each["code"], each["pointer"]) for each in answer["errors"]
        ]
        violation = double.workspace.report.violations[0]
        assert f"{case.pointer} {case.rule}: " in violation["detail"]


@pytest.mark.parametrize("case", [*TOO_LONG, *TOO_MANY, *RARE_LIMITS], ids=lambda case: case.rule)
async def test_limit_itself_is_still_allowed(case: Case) -> None:
    async with running() as double:
        assert isinstance(case.value, str | list)
        document = changed((SOUND | SOUND_VIEWS)[case.sound], case.change, case.value[:-1])
        answer = await sent(double, case.sound, document)

        assert case.rule not in [each["code"] for each in answer.get("errors", [])]


def test_every_rule_of_the_validator_is_provoked_by_a_case() -> None:
    assert all_rules() == {case.rule for case in ALL_CASES}


async def test_file_that_was_not_shared_in_the_channel_cannot_be_shown() -> None:
    async with running() as double:
        picture = {"type": "image", "slack_file": {"id": "F0NOWHERE"}, "alt_text": "a plot"}
        answer = await sent(double, "image", [picture])

        assert answer["error"] == "invalid_blocks"
        assert [(each["code"], each["pointer"]) for each in answer["errors"]] == [
            (UNSHARED_RULE, "/0/slack_file")
        ]


async def test_blocks_validate_says_the_same_without_a_violation() -> None:
    async with running() as double:
        answer = await double.api("blocks.validate", blocks=[{"type": "marquee"}])

        assert answer["error"] == "invalid_blocks"
        assert answer["errors"][0]["pointer"] == "/0/type"
        assert double.rules_broken() == []
