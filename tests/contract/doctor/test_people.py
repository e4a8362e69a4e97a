"""E-mail addresses in policies are looked up like users and groups."""

from bot.adapters.slack_calls import slack_client
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_installation import SlackInstallation
from bot.doctor.findings import Finding, Severity
from bot.doctor.people import PeopleChecks
from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import RoleMembers
from bot.domain.policy import PolicySet
from tests.contract.doctor.conftest import Patient, SkewedClock


async def _look(patient: Patient, role: RoleMembers) -> list[Finding]:
    slack = patient.slack
    client = slack_client(slack.workspace.tokens.bot, f"{slack.origin}/api/", slack.session)
    people = PeopleChecks(SlackDirectory(client, SkewedClock()), SlackInstallation(client))
    return list(await people.look(PolicySet(roles={RoleName("leads"): role})))


async def test_an_address_of_somebody_active_is_fine(patient: Patient) -> None:
    found = await _look(patient, RoleMembers(emails=frozenset({"ml-lead@acme.example"})))
    assert [(f.severity, f.seen) for f in found] == [(Severity.OK, "0 groups, 1 people")]


async def test_an_address_of_nobody_or_of_somebody_who_left_is_a_warning(patient: Patient) -> None:
    await patient.slack.change(users={"U0RISK": {"deleted": True}})
    emails = frozenset({"nobody@acme.example", "risk@acme.example"})
    found = await _look(patient, RoleMembers(emails=emails))
    assert [f.severity for f in found] == [Severity.WARNING, Severity.WARNING]
    assert found[0].seen == "nobody active has the address nobody@acme.example"


async def test_a_user_who_is_not_there_is_an_error(patient: Patient) -> None:
    (found,) = await _look(patient, RoleMembers(users=frozenset({SlackUserId("U0NOBODY")})))
    assert (found.severity, found.seen) == (Severity.ERROR, "there is no user U0NOBODY")


async def test_a_missing_scope_is_told_for_each_kind_of_name(patient: Patient) -> None:
    patient.slack.workspace.scopes -= {"users:read", "users:read.email", "usergroups:read"}
    role = RoleMembers(
        users=frozenset({SlackUserId("U0RISK")}),
        groups=frozenset({"risk"}),
        emails=frozenset({"risk@acme.example"}),
    )
    found = await _look(patient, role)
    assert [f.seen for f in found] == [
        "Slack: missing_scope usergroups:read",
        "Slack: missing_scope users:read",
        "Slack: missing_scope users:read.email",
    ]
