"""People and groups, through Slack's Web API."""

from datetime import timedelta

import pytest

from bot.adapters.slack_directory import SlackDirectory
from bot.domain.errors import BackEndUnavailableError, NotFoundError
from bot.domain.names import SlackUserId
from bot.domain.ports import Directory
from tests.builders import LEAD, REQUESTER
from tests.contract.slack_adapters.conftest import HandClock
from tests.contract.slack_double.double import Double

LEAD2 = SlackUserId("U0MLLEAD2")
MINUTE = timedelta(seconds=60)


async def test_a_full_member_may_decide(directory: SlackDirectory) -> None:
    port: Directory = directory
    person = await port.person(REQUESTER)
    assert person.standing() is None
    assert person.email.endswith("@acme.example")
    assert person.name
    assert person.zone


async def test_a_guest_is_a_guest(directory: SlackDirectory) -> None:
    assert (await directory.person(SlackUserId("U0GUEST"))).is_guest


async def test_a_single_channel_guest_is_a_guest(double: Double, directory: SlackDirectory) -> None:
    await double.change(users={LEAD: {"is_ultra_restricted": True}})
    assert (await directory.person(LEAD)).is_guest


async def test_the_bot_is_a_bot(directory: SlackDirectory) -> None:
    assert (await directory.person(SlackUserId("U0HERALD"))).is_bot


async def test_a_deactivated_account_is_deactivated(
    double: Double, directory: SlackDirectory
) -> None:
    await double.change(users={LEAD: {"deleted": True}})
    assert (await directory.person(LEAD)).is_deactivated


async def test_somebody_of_another_workspace_is_a_stranger(
    double: Double, directory: SlackDirectory
) -> None:
    double.workspace.state.users[LEAD].team_id = "T0ELSEWHERE"
    assert (await directory.person(LEAD)).is_stranger


async def test_somebody_whom_slack_calls_a_stranger_is_one(
    double: Double, directory: SlackDirectory
) -> None:
    double.workspace.state.users[LEAD].is_stranger = True
    assert (await directory.person(LEAD)).is_stranger


async def test_an_unknown_person_is_not_found(directory: SlackDirectory) -> None:
    with pytest.raises(NotFoundError):
        await directory.person(SlackUserId("U0NOBODY"))


@pytest.mark.parametrize("group", ["ml-leads", "@ml-leads", "ML-Leads", "S0MLLEADS"])
async def test_a_group_is_known_by_handle_and_by_id(directory: SlackDirectory, group: str) -> None:
    assert await directory.members(group) == {LEAD, LEAD2}


async def test_handles_and_the_own_workspace_are_read_once_a_minute(
    double: Double, directory: SlackDirectory
) -> None:
    for user in (LEAD, LEAD2):
        await directory.person(user)
    for group in ("risk", "ml-leads"):
        await directory.members(group)
    calls = (await double.see("report"))["calls"]
    assert calls["usergroups.list"] == calls["auth.test"] == 1


async def test_an_unknown_group_is_not_found(directory: SlackDirectory) -> None:
    with pytest.raises(NotFoundError, match="no user group ml-leaders"):
        await directory.members("ml-leaders")


async def test_a_minute_may_pass_before_slack_is_asked_again(
    double: Double, directory: SlackDirectory, clock: HandClock
) -> None:
    await directory.members("ml-leads")
    await directory.person(LEAD)
    await double.change(groups={"S0MLLEADS": [LEAD]}, users={LEAD: {"deleted": True}})
    clock.move(MINUTE - timedelta(seconds=1))
    assert LEAD2 in await directory.members("ml-leads")
    assert not (await directory.person(LEAD)).is_deactivated


async def test_after_a_minute_the_change_is_seen(
    double: Double, directory: SlackDirectory, clock: HandClock
) -> None:
    await directory.members("risk")
    await directory.person(LEAD)
    await double.change(groups={"S0RISK": [LEAD]}, users={LEAD: {"deleted": True}})
    clock.move(MINUTE)
    assert await directory.members("risk") == frozenset()
    assert (await directory.person(LEAD)).is_deactivated


async def test_membership_is_as_old_as_the_handle_by_which_it_was_read(
    double: Double, directory: SlackDirectory, clock: HandClock
) -> None:
    """Two answers of nearly a minute each are not to add up to two."""
    await directory.group_id("risk")
    clock.move(MINUTE - timedelta(seconds=1))
    await directory.members("risk")
    await double.change(groups={"S0RISK": [LEAD]})
    clock.move(timedelta(seconds=1))
    assert await directory.members("risk") == {LEAD}


async def fail(double: Double, method: str) -> None:
    await double.human("faults", kind="api_error", method=method, error="internal_error", count=9)


async def test_a_person_who_cannot_be_read_again_is_not_served_stale(
    double: Double, directory: SlackDirectory, clock: HandClock
) -> None:
    await directory.person(LEAD)
    clock.move(MINUTE)
    await fail(double, "users.info")
    with pytest.raises(BackEndUnavailableError):
        await directory.person(LEAD)


@pytest.mark.parametrize("method", ["usergroups.users.list", "usergroups.list"])
async def test_a_group_that_cannot_be_read_again_is_not_served_stale(
    double: Double, directory: SlackDirectory, clock: HandClock, method: str
) -> None:
    await directory.members("risk")
    clock.move(MINUTE)
    await fail(double, method)
    with pytest.raises(BackEndUnavailableError):
        await directory.members("risk")


async def test_reading_people_breaks_no_rule_of_slack(
    double: Double, directory: SlackDirectory
) -> None:
    await directory.person(LEAD)
    await directory.members("ml-leads")
    assert double.rules_broken() == []


async def test_an_address_leads_to_its_account_for_a_minute(
    double: Double, directory: SlackDirectory, clock: HandClock
) -> None:
    assert await directory.by_email("ml-lead@acme.example") == LEAD
    await double.change(users={LEAD: {"deleted": True}})
    assert await directory.by_email("ml-lead@acme.example") == LEAD
    clock.move(MINUTE)
    assert await directory.by_email("ml-lead@acme.example") is None


async def test_a_group_has_an_id_under_its_handle_and_under_itself(
    directory: SlackDirectory,
) -> None:
    by_handle = await directory.group_id("@ML-leads")
    assert by_handle.startswith("S")
    assert await directory.group_id(by_handle) == by_handle
