"""Policies are tried on made-up facts; what comes out otherwise is told."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from policies.trial import CaseResult, FixtureError, try_fixture
from tests.unit.policies.files import WHOLE, written

EXAMPLE = Path(__file__).parents[3] / "docs" / "policies.example.test.yml"
GOOD = """\
      version: 7
      description: Better
      tags: {team: fraud}
      parameters: {depth: "6"}
      measured: [{metric: precision, value: 0.9, dataset: eval, digest: d1, age: 1h}]
      contents: {signature: true, requirements: [numpy]}
      tests: [{name: unit}, {name: load, age: 3d, writer: ci, run: run-7}]
      files: {notes.md: text}
      artifacts: [report.txt]
      run: {user: ada, metrics: {latency_p95_ms: 20}, datasets: [{name: eval, digest: d1}]}
"""
HEAD = """\
apiVersion: herald/v1
policies: [p.yml]
cases:
  - name: good
    model: prod.fraud.scorer
    alias: champion
    at: 2026-03-02T09:30:00Z
    asked_by: [leads]
    endpoints: [{name: fraud, serves: [{version: 6}]}]
    figures:
      - {endpoint: fraud, window: 24h, requests: 9, latency_ms: [{up_to: inf, requests: 9}]}
    held: {challenger: 48h}
    privileges: [EXECUTE]
    unreadable: {privileges: no answer}
    current: {version: 6, measured: [{metric: precision, value: 0.8, dataset: eval, digest: d1}]}
    candidate:
"""
EXPECT = "    expect: {verdict: needs_approval, approvals: {leads: 2}, reasons: []}\n"


def tried(folder: Path, candidate: str = GOOD, expect: str = EXPECT) -> CaseResult:
    written(folder, WHOLE)
    (result,) = try_fixture(written(folder, HEAD + candidate + expect, "t.yml"))
    return result


def test_example_of_the_docs_comes_out_as_expected() -> None:
    assert [(r.name, r.differences) for r in try_fixture(EXAMPLE)] == [
        ("a better classifier needs one lead", ()),
        ("a worse one is denied, and each reason is told", ()),
        ("a lead goes back without asking anybody", ()),
    ]


def test_case_that_comes_out_as_expected_has_no_differences(tmp_path: Path) -> None:
    assert tried(tmp_path) == CaseResult(name="good")


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{verdict: allowed}", "verdict: expected allowed, is needs_approval"),
        (
            "{verdict: needs_approval, outcomes: {tests: missing}}",
            ("tests: expected missing, is passed (unit passed 1 h ago; load passed 3 d ago)"),
        ),
        (
            "{verdict: needs_approval, outcomes: {other/tests: passed}}",
            (
                "other/tests: no such rule applies; "
                "those that do: contents, latency, no-regress, precision, tests"
            ),
        ),
        (
            "{verdict: needs_approval, approvals: {leads: 1}}",
            "approvals: expected 1 of leads, is 2 of leads",
        ),
        (
            "{verdict: needs_approval, approvals: {leads: 2, devs: 1}}",
            "approvals: expected 1 of devs, 2 of leads, is 2 of leads",
        ),
        (
            "{verdict: needs_approval, approvals: {}}",
            "approvals: expected none, is 2 of leads",
        ),
        ("{verdict: needs_approval, reasons: [no]}", "reasons: expected no, is none"),
    ],
)
def test_what_differs_is_told(tmp_path: Path, expect: str, said: str) -> None:
    (difference,) = tried(tmp_path, expect=f"    expect: {expect}\n").differences
    assert difference == said


def test_unexpected_denial_is_told_with_its_reasons(tmp_path: Path) -> None:
    bad = GOOD.replace("value: 0.9,", "value: nan,")
    (difference, *_) = tried(tmp_path, bad).differences
    assert difference.startswith("verdict: expected needs_approval, is denied (")
    assert "precision is nan, needs ≥ 0.8;" in difference


def test_outcome_may_be_named_with_its_policy(tmp_path: Path) -> None:
    expect = "    expect: {verdict: needs_approval, outcomes: {baseline/precision: passed}}\n"
    assert tried(tmp_path, expect=expect).differences == ()


def test_version_may_have_no_run_no_contents_and_no_tests(tmp_path: Path) -> None:
    bare = "      version: 7\n      run:\n      metrics: {precision: -inf}\n"
    expect = "    expect: {verdict: denied, outcomes: {tests: missing, contents: missing}}\n"
    assert tried(tmp_path, bare, expect).differences == ()


def test_parts_may_be_unreadable(tmp_path: Path) -> None:
    broken = "      version: 7\n      unreadable: {tests: no answer in 10 s}\n      tests: []\n"
    expect = "    expect: {verdict: denied, outcomes: {tests: errored}}\n"
    assert tried(tmp_path, broken.replace("      tests: []\n", ""), expect).differences == ()


def test_first_release_and_rollback_are_changes_too(tmp_path: Path) -> None:
    head = HEAD.replace("    alias: champion\n", "    alias: champion\n    change: rollback\n")
    written(tmp_path, WHOLE)
    (result,) = try_fixture(written(tmp_path, head + GOOD + EXPECT, "t.yml"))
    assert result.differences == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "version: 7\n",
            "version: 0\n",
            "t.yml:17:16: `0` does not do for `version`. Write at least 1",
        ),
        ("tags:", "tag:", "t.yml:19:7: unknown key `tag`. Did you mean `tags`?"),
        (
            "value: 0.9,",
            "value: many,",
            ("t.yml:21:45: `many` is not a number. Write a number, nan, inf or -inf"),
        ),
        (
            "value: 0.9,",
            "value: true,",
            ("t.yml:21:45: `true` is not a number. Write a number, nan, inf or -inf"),
        ),
        (
            "tags: {",
            "tags: {team: a, ",
            ("t.yml:19:23: `team` is here twice, first in line 19. Keep one of them"),
        ),
    ],
)
def test_wrong_fixture_is_told_in_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(FixtureError) as refused:
        tried(tmp_path, GOOD.replace(old, new))
    assert str(refused.value).endswith(said)


def test_every_mistake_of_a_fixture_is_told_from_top_to_bottom(tmp_path: Path) -> None:
    with pytest.raises(FixtureError) as refused:
        tried(tmp_path, GOOD.replace("version: 7\n", "version: 0\n").replace("tags:", "tag:"))
    first, second = refused.value.findings
    assert str(refused.value) == f"{first}; {second}"
    assert (first.place, second.place) == ((17, 16), (19, 7))


def test_missing_fixture_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError) as refused:
        try_fixture(tmp_path / "t.yml")
    assert str(refused.value).endswith(
        "t.yml: this cannot be read (No such file or directory). Name a fixture file"
    )


def test_policies_that_are_not_usable_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"p\.yml: this cannot be read"):
        try_fixture(written(tmp_path, HEAD + GOOD + EXPECT, "t.yml"))


def test_reasons_beyond_rules_are_told_and_that_no_rule_applies(tmp_path: Path) -> None:
    policy = "{name: bare, match: {models: [a], aliases: [champion]}, first_release: deny}"
    written(tmp_path, f"apiVersion: herald/v1\npolicies:\n  - {policy}\n")
    expect = "{verdict: allowed, outcomes: {size: passed}, reasons: [one, two]}"
    case = f"{{name: new, model: a, alias: champion, candidate: {{version: 1}}, expect: {expect}}}"
    fixture = f"apiVersion: herald/v1\npolicies: [p.yml]\ncases:\n  - {case}\n"
    (result,) = try_fixture(written(tmp_path, fixture, "t.yml"))
    reasons = (
        "no check passed: a promotion needs evidence; policy bare allows no first release; "
        "this is the first release, so people decide, and no policy names who may approve"
    )
    assert result.differences == (
        f"verdict: expected allowed, is denied ({reasons})",
        "size: no such rule applies; those that do: none",
        f"reasons: expected one; two, is {reasons}",
    )


EXEMPT = """\
exemptions:
  - policy: baseline
    rules: [tests]
    models: [prod.fraud.*]
    reason: INC-4411
    requested_by: U0DEV
    approved_by: [U0LEAD]
    expires: 2026-03-10T00:00:00Z
"""
LACKING = GOOD.replace("{name: unit}, ", "")


@pytest.mark.parametrize(
    ("asker", "verdict"),
    [("", "needs_approval"), ("U0DEV", "needs_approval"), ("U0LEAD", "denied")],
)
def test_an_exemption_does_not_count_for_who_alone_approved_it(
    tmp_path: Path, asker: str, verdict: str
) -> None:
    written(tmp_path, f"{WHOLE}{EXEMPT}")
    asks = HEAD.replace("    asked_by", f"    asker: {asker}\n    asked_by") if asker else HEAD
    expect = f"    expect: {{verdict: {verdict}}}\n"
    (result,) = try_fixture(written(tmp_path, f"{asks}{LACKING}{expect}", "t.yml"))
    assert result.differences == ()


def test_an_asker_who_is_no_account_is_told(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    wrong = HEAD.replace("    asked_by", "    asker: leads\n    asked_by")
    with pytest.raises(FixtureError, match="a Slack user's id"):
        try_fixture(written(tmp_path, f"{wrong}{GOOD}{EXPECT}", "t.yml"))
