"""What the doctor sees of Databricks."""

from pydantic import SecretStr

from bot.doctor.findings import Severity
from bot.sandbox.databricks.grants import PRINCIPAL
from tests.contract.doctor.conftest import Patient


async def test_the_owner_of_the_token_is_named(patient: Patient) -> None:
    assert (await patient.finding("databricks token")).seen == f"herald-bot ({PRINCIPAL})"


async def test_a_wrong_token_is_an_error_with_what_to_check(patient: Patient) -> None:
    found = await patient.finding("databricks token", databricks_token=SecretStr("dapi-wrong"))
    assert found.severity is Severity.ERROR
    assert "check DATABRICKS_TOKEN" in found.seen
    assert "dapi-wrong" not in found.seen


async def test_missing_privileges_come_with_the_statement_that_grants_them(
    patient: Patient,
) -> None:
    await patient.grant(securable="prod", privileges=["USE_CATALOG", "USE_SCHEMA", "EXECUTE"])
    found = [f for f in (await patient.report()).findings if f.check == "grants"]
    fraud = next(f for f in found if "prod.fraud" in f.seen)
    assert fraud.severity is Severity.WARNING
    assert fraud.seen == (
        "APPLY TAG, MANAGE on the schema prod.fraud is not granted to Herald itself"
    )
    statement = f"GRANT APPLY TAG, MANAGE ON SCHEMA `prod`.`fraud` TO `{PRINCIPAL}`"
    assert statement in fraud.remedy
    assert not any("sandbox" in f.seen for f in found)


async def test_a_registry_in_which_nothing_can_be_seen_is_an_error(patient: Patient) -> None:
    for catalog in ("prod", "sandbox", "shop"):
        await patient.grant(securable=catalog, privileges=[])
    found = await patient.finding("registry")
    assert (found.severity, found.seen) == (Severity.ERROR, "Herald can see no model")


async def test_an_endpoint_that_herald_may_not_change_is_named(patient: Patient) -> None:
    await patient.grant(endpoint="ranker", level="CAN_VIEW")
    found = await patient.finding("endpoints")
    assert (found.severity, found.seen) == (Severity.WARNING, "Herald may not change ranker")


async def test_metrics_of_an_unknown_shape_are_a_note(patient: Patient) -> None:
    await patient.databricks.fault(kind="odd_metrics")
    found = await patient.finding("metrics")
    assert found.severity is Severity.NOTE
    assert "its metrics page" in found.seen


async def test_a_databricks_that_hangs_is_told_within_the_deadline(patient: Patient) -> None:
    await patient.databricks.fault(kind="hang")
    report = await patient.report(backend_deadline_s=0.5)
    severities = {f.check: f.severity for f in report.findings}
    assert severities["registry"] is severities["databricks token"] is Severity.ERROR
    assert severities["bot token"] is Severity.OK


async def test_permissions_that_cannot_be_read_are_a_note(patient: Patient) -> None:
    path = "/api/2.1/unity-catalog/effective-permissions"
    await patient.databricks.fault(kind="error", status=403, path_prefix=path)
    found = await patient.finding("grants")
    assert (found.severity, found.seen) == (
        Severity.NOTE,
        "Databricks does not let Herald read them",
    )
