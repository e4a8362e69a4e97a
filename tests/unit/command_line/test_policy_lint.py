"""``herald policy lint`` and ``schema`` say what is so and end with the right code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from policies.json_schema import policy_schema
from tests.unit.policies.files import WHOLE, written

WRONG = "apiVersion: herald/v1\npolicys: []\nroles: {x: {emails: [a]}}\n"


def herald(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_policies_without_fault_end_with_0_and_no_word(tmp_path: Path) -> None:
    ended = herald("policy", "lint", written(tmp_path, WHOLE))
    assert (ended.exit_code, ended.stdout) == (0, "")


def test_each_finding_is_a_line_with_place_and_remedy(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    ended = herald("policy", "lint", path)
    assert ended.exit_code == 1
    assert ended.stdout.splitlines() == [
        f"{path}:2:1: unknown key `policys`. Did you mean `policies`?",
        f"{path}:3:22: `a` does not do here. Write an address like name@example.com",
    ]


def test_findings_can_be_read_by_programs(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    ended = herald("policy", "lint", "--json", path)
    first, _ = json.loads(ended.stdout)["findings"]
    assert ended.exit_code == 1
    assert first == {
        "file": str(path),
        "line": 2,
        "column": 1,
        "problem": "unknown key `policys`",
        "remedy": "Did you mean `policies`?",
        "warning": False,
    }


def test_exemption_that_is_over_is_told_and_ends_with_0(tmp_path: Path) -> None:
    entry = "{policy: baseline, rules: [tests], models: [prod.x], reason: INC-1, "
    entry += "requested_by: U0DEV, approved_by: [U0LEAD], expires: 2020-01-01T00:00:00Z}"
    ended = herald("policy", "lint", written(tmp_path, f"{WHOLE}exemptions:\n  - {entry}\n"))
    assert ended.exit_code == 0
    assert "warning: this exemption is over. Remove it, or renew it" in ended.stdout


def test_without_paths_the_policies_of_the_settings_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERALD_POLICIES", str(written(tmp_path, WRONG)))
    assert "unknown key `policys`" in herald("policy", "lint").stdout


def test_schema_is_printed() -> None:
    assert herald("policy", "schema").stdout == policy_schema()


@pytest.mark.parametrize("value", ["", ","])
def test_settings_that_name_no_policies_are_told(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERALD_POLICIES", value)
    assert str(herald("policy", "lint").exception).startswith("HERALD_POLICIES: it is not set")
