"""What the doctor sees of files: settings, policies, the database."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.system import SystemClock
from bot.doctor.findings import Finding, Severity
from bot.doctor.record import look_at_record
from bot.persistence.database import open_store
from tests.contract.doctor.conftest import POLICIES, Patient
from tests.sandbox_process import bare_environment


@pytest.fixture
async def record(tmp_path: Path) -> Path:
    """Return the file of a record, as a start leaves it."""
    file = tmp_path / "herald.db"
    await (await open_store(f"sqlite:///{file}", SystemClock())).close()
    file.chmod(0o600)
    return file


async def _looked_at(file: Path) -> list[Finding]:
    return list(await look_at_record(f"sqlite:///{file}"))


def _change(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


async def test_a_record_that_herald_made_is_fine(record: Path) -> None:
    (found,) = await _looked_at(record)
    assert found.severity is Severity.OK
    assert found.seen.startswith("it can be written; schema ")


async def test_a_record_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    (found,) = await _looked_at(tmp_path / "new.db")
    assert found.severity is Severity.NOTE
    assert not (tmp_path / "new.db").exists()


async def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (found,) = await _looked_at(tmp_path / "none" / "new.db")
    assert found.severity is Severity.ERROR
    assert found.remedy == f"mkdir -p {tmp_path}/none"


async def test_an_empty_file_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch(mode=0o600)
    (found,) = await _looked_at(tmp_path / "empty.db")
    assert (found.severity, found.seen) == (
        Severity.NOTE,
        "it is empty: the first start makes its tables",
    )


async def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "herald.db").write_text("this is no database, whatever its name may say")
    (found,) = await _looked_at(tmp_path / "herald.db")
    assert found.severity is Severity.ERROR
    assert "file is not a database" in found.seen


async def test_a_record_of_a_newer_herald_is_an_error(record: Path) -> None:
    _change(record, "UPDATE alembic_version SET version_num = '9999'")
    (found,) = await _looked_at(record)
    assert (found.severity, found.seen) == (
        Severity.ERROR,
        "it is of a newer Herald (schema 9999)",
    )


async def test_a_record_of_an_older_herald_is_a_note_and_stays_as_it_is(record: Path) -> None:
    _change(record, "UPDATE alembic_version SET version_num = '0001'")
    for _ in range(2):
        (found,) = await _looked_at(record)
        assert found.severity is Severity.NOTE
        assert "the next start brings it to" in found.seen


@pytest.mark.parametrize(("mode", "severity"), [(0o644, Severity.NOTE), (0o666, Severity.WARNING)])
async def test_a_file_that_is_open_to_others_is_told(
    record: Path, mode: int, severity: Severity
) -> None:
    os.chmod(record, mode)  # noqa: PTH101 - pathlib's way counts as blocking
    fine, found = await _looked_at(record)
    assert (fine.severity, found.severity) == (Severity.OK, severity)
    assert found.remedy == f"chmod 600 {record}"


async def test_a_postgresql_that_is_not_there_is_an_error_without_its_password() -> None:
    (found,) = await look_at_record("postgresql://herald:planted-word@127.0.0.1:9/herald")
    assert found.severity is Severity.ERROR
    assert "HERALD_DATABASE_URL" in found.remedy
    assert "planted-word" not in found.seen + found.remedy


def _policies(folder: Path, more: str) -> tuple[Path, ...]:
    path = folder / "more.yml"
    path.write_text(f"apiVersion: herald/v1\n{more}")
    return (POLICIES, path)


async def test_exemption_that_is_over_is_a_warning(patient: Patient, tmp_path: Path) -> None:
    over = "exemptions: [{policy: prod-baseline, rules: [tests], models: [prod.x], reason: INC-1, "
    over += "requested_by: U0DEV, approved_by: [U0LEAD], expires: 2020-01-01T00:00:00Z}]"
    found = await patient.finding("policies", policies=_policies(tmp_path, over))
    assert found.severity is Severity.WARNING
    assert "this exemption is over" in found.seen


async def test_policies_for_another_environment_are_told(patient: Patient, tmp_path: Path) -> None:
    match = "{models: [x], aliases: [champion], environments: [staging]}"
    more = f"policies: [{{name: more, match: {match}, first_release: deny}}]\n"
    policies = _policies(tmp_path, more)
    found = await patient.finding("policies", policies=policies)
    assert found.severity is Severity.ERROR
    assert found.seen.startswith("HERALD_ENVIRONMENT: it is not set")
    right = await patient.finding("policies", policies=policies, environment="staging")
    assert right.severity is Severity.OK


async def test_broken_policies_are_told_and_nobody_is_looked_for(
    patient: Patient, tmp_path: Path
) -> None:
    file = tmp_path / "broken.yml"
    file.write_text("roles: {leads: {users: 7}}\n")
    broken = (file,)
    found = await patient.finding("policies", policies=broken)
    assert found.severity is Severity.ERROR
    assert f"{file}:1:" in found.seen
    assert (await patient.finding("people", policies=broken)).severity is Severity.NOTE


async def test_a_mistake_of_the_doctor_costs_one_finding(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "herald.db").mkdir()
    report = await patient.report()
    severities = {f.check: f.severity for f in report.findings}
    assert severities["database"] is Severity.ERROR
    assert severities["registry"] is Severity.OK


def test_wrong_settings_are_the_only_finding_of_the_command(tmp_path: Path) -> None:
    environment = {**bare_environment(), "SLACK_BOT_TOKEN": "xoxb-planted"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": os.getcwd()},  # noqa: PTH109 - the checkout
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    report = json.loads(ended.stdout)
    assert (ended.returncode, report["exit_code"], report["severity"]) == (2, 2, "error")
    assert [f["check"] for f in report["findings"]] == ["settings"]
    assert "xoxb-planted" not in ended.stdout + ended.stderr
