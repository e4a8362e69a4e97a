"""What the doctor sees of groups and privileges that roles and rules ask Databricks about."""

from pathlib import Path

import pytest

from bot.doctor.findings import Finding, Severity
from bot.doctor.workspace_people import MAKE_ADMIN
from bot.sandbox.databricks.directory import Member
from tests.contract.doctor.conftest import Patient

LEADS = "ML Leads"
ASKING = f"""\
apiVersion: herald/v1
roles:
  leads: {{databricks_groups: [{LEADS}]}}
may: {{members: [read]}}
policies:
  - name: baseline
    match: {{models: ["prod.fraud.*"], aliases: [champion]}}
    rules:
      - {{id: own-power, type: platform_privilege, privilege: MANAGE}}
    approvals: [{{role: leads}}]
"""


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    path = tmp_path / "asking.yml"
    path.write_text(ASKING)
    return path


async def found(patient: Patient, policies: Path, *checks: str) -> list[Finding]:
    """Return what is found of Databricks' groups and privileges under a policy file."""
    wanted = checks or ("databricks groups", "privileges")
    report = await patient.report(policies=(policies,))
    return [finding for finding in report.findings if finding.check in wanted]


def put(patient: Patient, email: str = "lea@acme.example") -> None:
    patient.databricks.world.directory.put(Member(email=email, groups=(LEADS,)))


async def test_nothing_is_said_where_no_role_and_no_rule_asks(patient: Patient) -> None:
    checks = {finding.check for finding in (await patient.report()).findings}
    assert not checks & {"databricks groups", "privileges"}


async def test_what_can_be_read_is_fine(patient: Patient, asking: Path) -> None:
    put(patient)
    groups, privileges = await found(patient, asking)
    assert (groups.severity, groups.seen) == (Severity.OK, f"members are shown of {LEADS}")
    assert (privileges.severity, privileges.seen[:31]) == (
        Severity.OK,
        "those of others can be read on ",
    )


async def test_a_group_that_is_not_there_is_an_error(patient: Patient, asking: Path) -> None:
    (group,) = await found(patient, asking, "databricks groups")
    assert (group.severity, group.seen) == (Severity.ERROR, f"there is no group {LEADS}")


async def test_who_is_no_admin_is_told_to_become_one(patient: Patient, asking: Path) -> None:
    put(patient)
    patient.databricks.world.directory.is_admin = False
    group, privileges = await found(patient, asking)
    assert group.severity is privileges.severity is Severity.WARNING
    assert "is empty, or its members are not shown to Herald" in group.seen
    assert group.remedy == f"Put people into it. {MAKE_ADMIN}"
    assert "Herald is no admin of the workspace" in privileges.seen
    assert privileges.remedy == MAKE_ADMIN


async def test_groups_that_may_not_be_looked_up_are_a_warning(
    patient: Patient, asking: Path
) -> None:
    path = "/api/2.0/preview/scim/v2/Groups"
    await patient.databricks.fault(kind="error", status=403, path_prefix=path)
    (group,) = await found(patient, asking, "databricks groups")
    assert (group.severity, group.remedy) == (Severity.WARNING, MAKE_ADMIN)
    assert group.seen == f"Herald may not look up the group {LEADS}"


async def test_privileges_of_others_that_are_refused_come_with_the_right_to_give(
    patient: Patient, asking: Path
) -> None:
    path = "/api/2.1/unity-catalog/effective-permissions"
    await patient.databricks.fault(kind="error", status=403, path_prefix=path)
    (privileges,) = await found(patient, asking, "privileges")
    assert privileges.severity is Severity.WARNING
    assert "Herald may not see who holds what on prod.fraud." in privileges.seen
    assert privileges.remedy == "Grant Herald's principal MANAGE on prod.fraud"


async def test_wrong_policies_have_their_own_finding_and_no_other(
    patient: Patient, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("apiVersion: herald/v2\n")
    assert await found(patient, wrong) == []
    (policies,) = await found(patient, wrong, "policies")
    assert policies.severity is Severity.ERROR
