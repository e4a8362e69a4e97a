"""``herald policy explain`` and ``test`` answer from files alone."""

import json
from pathlib import Path

import pytest

from tests.unit.command_line.test_policy_lint import herald
from tests.unit.policies.files import WHOLE, written

EXAMPLE = Path(__file__).parents[3] / "docs" / "policies.example.test.yml"


def test_change_is_explained_by_the_policies_given(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    words = ("policy", "explain", "prod.x", "champion", "--policies", path, "--environment", "")
    ended = herald(*words)
    assert ended.exit_code == 0
    assert "baseline has a say: the model matches prod.*" in ended.stdout.splitlines()
    said = json.loads(herald(*words, "--rollback", "--json").stdout)
    assert (said["change"], said["may_ask"]) == ("rollback", ["leads"])


def test_change_is_explained_by_the_settings_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = WHOLE.replace("aliases: [champion]}", "aliases: [champion], environments: [here]}")
    monkeypatch.setenv("HERALD_POLICIES", str(written(tmp_path, text)))
    monkeypatch.setenv("HERALD_ENVIRONMENT", "here")
    assert "to champion in here" in herald("policy", "explain", "prod.x", "champion").stdout


def test_cases_that_come_out_as_expected_end_with_0() -> None:
    ended = herald("policy", "test", EXAMPLE)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[-1] == "3 cases, 0 failed"


def test_case_that_comes_out_otherwise_is_told_and_ends_with_1(tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace("../policies/", f"{EXAMPLE.parents[1]}/policies/")
    other = written(tmp_path, text.replace("verdict: allowed", "verdict: denied"), "t.yml")
    ended = herald("policy", "test", other)
    assert ended.exit_code == 1
    assert ended.stdout.splitlines()[2:] == [
        "FAILED a lead goes back without asking anybody",
        "  verdict: expected denied, is allowed",
        "3 cases, 1 failed",
    ]
    cases = json.loads(herald("policy", "test", "--json", other).stdout)["cases"]
    assert cases[2]["differences"] == ["verdict: expected denied, is allowed"]


def test_wrong_fixture_ends_with_2(tmp_path: Path) -> None:
    ended = herald("policy", "test", written(tmp_path, "apiVersion: herald/v1\n", "t.yml"))
    assert ended.exit_code == 2
    assert "`cases` is missing. Add `cases`" in ended.stdout
