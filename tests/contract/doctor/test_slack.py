"""What the doctor sees of Slack."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.adapters.slack_scopes import NEEDED
from bot.doctor.findings import Severity
from bot.sandbox.slack.people import BOT_USER_ID
from bot.settings import DigestSettings, Mode
from tests.contract.doctor.conftest import Patient, SkewedClock


async def test_all_is_well_in_a_world_that_is_set_up(patient: Patient) -> None:
    patient.slack.workspace.scopes = NEEDED
    report = await patient.report()
    assert {f.severity for f in report.findings} <= {Severity.OK, Severity.NOTE}
    assert report.exit_code == 0
    assert patient.slack.rules_broken() == []


async def test_a_bot_token_that_slack_does_not_know_is_an_error(patient: Patient) -> None:
    found = await patient.finding("bot token", slack_bot_token=SecretStr("xoxb-stranger"))
    assert found.severity is Severity.ERROR
    assert found.seen == "Slack refuses SLACK_BOT_TOKEN: invalid_auth"
    assert "Install to Workspace" in found.remedy


async def test_an_app_token_that_slack_does_not_know_is_an_error(patient: Patient) -> None:
    found = await patient.finding("app token", slack_app_token=SecretStr("xapp-stranger"))
    assert found.severity is Severity.ERROR
    assert "connections:write" in found.remedy


async def test_missing_scopes_are_named(patient: Patient) -> None:
    patient.slack.workspace.scopes -= {"im:write", "usergroups:read"}
    found = await patient.finding("scopes")
    assert found.severity is Severity.ERROR
    assert found.seen == "the app lacks im:write, usergroups:read"


async def test_scopes_that_are_not_needed_are_a_note(patient: Patient) -> None:
    patient.slack.workspace.scopes |= {"admin"}
    found = await patient.finding("scopes")
    assert found.severity is Severity.NOTE
    assert "admin" in found.seen


async def test_an_app_that_tells_no_scopes_is_a_note(patient: Patient) -> None:
    patient.slack.workspace.scopes = frozenset()
    assert (await patient.finding("scopes")).severity is Severity.NOTE


@pytest.mark.parametrize(
    ("secret", "severity"), [("short", Severity.WARNING), ("0123456789abcdef" * 2, Severity.NOTE)]
)
async def test_a_signing_secret_is_known_by_its_form(
    patient: Patient, secret: str, severity: Severity
) -> None:
    changes = {"mode": Mode.HTTP, "slack_signing_secret": SecretStr(secret)}
    found = await patient.finding("signing secret", None, **changes)
    assert found.severity is severity
    assert secret not in found.seen + found.remedy


async def test_an_archived_channel_is_an_error(patient: Patient) -> None:
    await patient.slack.change(channels={"C0RELEASES": {"is_archived": True}})
    found = await patient.finding("releases channel")
    assert (found.severity, found.seen) == (
        Severity.ERROR,
        "#ml-releases (C0RELEASES) is archived",
    )


async def test_a_channel_that_herald_was_taken_out_of_is_a_warning(patient: Patient) -> None:
    members = patient.slack.workspace.state.channels["C0HEALTH"].members
    rest = [member for member in members if member != BOT_USER_ID]
    await patient.slack.change(channels={"C0HEALTH": {"members": rest}})
    found = await patient.finding("digest channel")
    assert found.severity is Severity.WARNING
    assert found.remedy == "In #ml-health type /invite @Herald"


async def test_a_channel_that_is_not_there_is_an_error(patient: Patient) -> None:
    found = await patient.finding("releases channel", releases_channel="C0NOWHERE")
    assert found.severity is Severity.ERROR
    assert found.seen == "HERALD_RELEASES_CHANNEL names C0NOWHERE, which Herald cannot see"


@pytest.mark.parametrize("check", ["releases channel", "digest channel"])
async def test_a_channel_that_is_not_set_is_a_note(patient: Patient, check: str) -> None:
    changes = {"releases_channel": "", "digest": DigestSettings()}
    assert (await patient.finding(check, None, **changes)).severity is Severity.NOTE


async def test_an_empty_user_group_is_a_warning(patient: Patient) -> None:
    await patient.slack.change(groups={"S0MLLEADS": []})
    found = await patient.finding("people")
    assert found.severity is Severity.WARNING
    assert "ml-leads is empty" in found.seen


async def test_a_user_group_that_is_gone_is_an_error(patient: Patient) -> None:
    del patient.slack.workspace.state.groups["S0MLLEADS"]
    found = await patient.finding("people")
    assert found.severity is Severity.ERROR
    assert "no user group ml-leads" in found.seen


async def test_somebody_with_a_role_who_left_is_a_warning(patient: Patient) -> None:
    await patient.slack.change(users={"U0ADMIN": {"deleted": True}})
    found = await patient.finding("people")
    assert found.severity is Severity.WARNING
    assert found.seen.startswith("U0ADMIN has a role but can decide nothing")


async def test_a_dead_slack_is_told_and_the_rest_is_looked_at(patient: Patient) -> None:
    report = await patient.report(slack_api_url="http://127.0.0.1:9/api/")
    severities = {f.check: f.severity for f in report.findings}
    assert severities["bot token"] is severities["clock (Slack)"] is Severity.ERROR
    assert severities["registry"] is severities["policies"] is Severity.OK
    assert report.exit_code == 2
    assert "127.0.0.1:9" not in report.as_text()


@pytest.mark.parametrize("check", ["clock (Slack)", "clock (Databricks)"])
@pytest.mark.parametrize(("seconds", "way"), [(90, "ahead of"), (-90, "behind")])
async def test_a_clock_that_is_off_by_more_than_a_minute_is_an_error(
    patient: Patient, check: str, seconds: int, way: str
) -> None:
    found = await patient.finding(check, SkewedClock(timedelta(seconds=seconds)))
    assert found.severity is Severity.ERROR
    assert way in found.seen


async def test_a_clock_that_is_off_by_seconds_is_fine(patient: Patient) -> None:
    found = await patient.finding("clock (Slack)", SkewedClock(timedelta(seconds=30)))
    assert found.severity is Severity.OK
