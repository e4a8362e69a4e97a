"""Names that files define and use have to fit together."""

from pathlib import Path

import pytest

from policies.loader import lint
from tests.unit.policies.files import WHOLE, changed, findings, without, written

OTHER = "apiVersion: herald/v1\n"
BARE = WHOLE.replace(
    "latency_p95_ms: {direction: lower, unit: ms}", "latency_p95_ms: {direction: lower}"
)
"""The file with a metric that has no unit."""


def test_metrics_with_and_without_a_unit_have_several(tmp_path: Path) -> None:
    text = BARE.replace("metrics: [precision], max", "metrics: [precision, latency_p95_ms], max")
    (said,) = findings(tmp_path, text)
    assert "one max_drop for metrics of several units (none, ratio)" in said


def test_right_answers_may_be_called_a_metric_without_a_unit(tmp_path: Path) -> None:
    paired = "paired: {table: a.json, id: id, correct: x}"
    old, new = "metrics: [precision], max_drop: 0.02", "metrics: [latency_p95_ms], max_drop: 0.02, "
    assert findings(tmp_path, BARE.replace(old, f"{new}{paired}")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "metric: precision",
            "metric: precison",
            "p.yml:17:47: unknown metric `precison`. Did you mean `precision`?",
        ),
        (
            "metrics: [precision]",
            "metrics: [recall]",
            (
                "p.yml:19:51: unknown metric `recall`. "
                "Add it to the catalogue under `metrics`, which has: latency_p95_ms, precision"
            ),
        ),
        (
            "role: leads",
            "role: lead",
            "p.yml:23:16: unknown role `lead`. Did you mean `leads`?",
        ),
        (
            "unless_asked_by: [devs]",
            "unless_asked_by: [admins]",
            "p.yml:23:51: unknown role `admins`. Known: devs, leads, members",
        ),
        (
            "  members: [read]",
            "  member: [read]",
            "p.yml:9:3: unknown role `member`. Did you mean `members`?",
        ),
        (
            "  leads: {slack_groups",
            "  members: {slack_users: [U0X]}\n  leads: {slack_groups",
            (
                "p.yml:6:3: role `members` is built in: every full member of the workspace. "
                "Give yours another name"
            ),
        ),
        (
            "id: latency",
            "id: precision",
            (
                "p.yml:18:14: rule `precision` is in policy `baseline` twice, first in line 17. "
                "Give each rule its own id"
            ),
        ),
        (
            "min: 0.80",
            "min: 95",
            "p.yml:17:63: 95 is no value of `precision`. It is a ratio, from 0 to 1: write 0.95",
        ),
        (
            "min: 0.80",
            "min: 100",
            "p.yml:17:63: 100 is no value of `precision`. It is a ratio, from 0 to 1: write 1",
        ),
        (
            "min: 0.80",
            "max: -1",
            "p.yml:17:63: -1 is no value of `precision`. It is a ratio, from 0 to 1",
        ),
        (
            "min: 0.80",
            "max: 250",
            "p.yml:17:63: 250 is no value of `precision`. It is a ratio, from 0 to 1",
        ),
        (
            "max_drop: 0.02",
            "max_drop: 2",
            "p.yml:19:73: 2 is no value of `precision`. It is a ratio, from 0 to 1: write 0.02",
        ),
        (
            "metrics: [precision], max_drop: 0.02",
            "metrics: [precision, latency_p95_ms], max_drop: 0.02",
            (
                "p.yml:19:89: one max_drop for metrics of several units (ms, ratio). "
                "Write one rule for each unit, or use max_drop_relative"
            ),
        ),
        (
            "aliases: [eval/precision]",
            "aliases: [latency_p95_ms]",
            "p.yml:3:57: `latency_p95_ms` is a metric of its own. Remove the alias, or that metric",
        ),
        (
            "{direction: lower, unit: ms}",
            "{direction: lower, unit: ms, aliases: [eval/precision]}",
            (
                "p.yml:4:58: metric alias `eval/precision` is defined twice, "
                "first at p.yml:3:57. Keep one of them"
            ),
        ),
        (
            "metrics: [precision], max_drop: 0.02",
            (
                "metrics: [latency_p95_ms], max_drop: 0.02, "
                "paired: {table: a.json, id: id, correct: x}"
            ),
            (
                "p.yml:19:125: right answers make a ratio, and `latency_p95_ms` is in ms. "
                "Name a metric that is a ratio, or compare a column of numbers with `value`"
            ),
        ),
        (
            "max_drop: 0.02",
            "max_drop: 0.02, against: challenger",
            (
                "p.yml:19:88: a change of champion is compared with what champion names. "
                "Write a policy of its own for challenger, or leave `against` out"
            ),
        ),
        (
            "unless_asked_by: [devs]",
            "unless_asked_by: [devs, admins]",
            "p.yml:23:57: unknown role `admins`. Known: devs, leads, members",
        ),
        (
            "unless_asked_by: [devs]",
            "when: {outcomes: {latenci: [failed]}}",
            ("p.yml:23:51: policy `baseline` has no rule `latenci`. Did you mean `latency`?"),
        ),
        (
            "rejections: 2",
            "escalate: {after: 6h, role: lead}",
            "p.yml:24:33: unknown role `lead`. Did you mean `leads`?",
        ),
        (
            "rejections: 2",
            "escalate: {after: 6h, role: members}",
            (
                "p.yml:24:33: `members` is every full member of the workspace: "
                "too many to be told. Name a role that knows what to do"
            ),
        ),
        (
            "    approvals:\n      - {role: leads, count: 2, unless_asked_by: [devs]}\n",
            "    first_release: require_approval\n",
            (
                "p.yml:22:20: policy `baseline` asks people about a first release, "
                "and names nobody who may approve it. "
                "Add `approvals`, or write `first_release: deny` or `first_release: allow`"
            ),
        ),
        (
            "    approvals:\n      - {role: leads, count: 2, unless_asked_by: [devs]}\n",
            "",
            (
                "p.yml:12:5: policy `baseline` asks people about a first release, "
                "and names nobody who may approve it. "
                "Add `approvals`, or write `first_release: deny` or `first_release: allow`"
            ),
        ),
    ],
)
def test_what_does_not_fit_is_told_in_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert findings(tmp_path, changed(old, new)) == [said]


def test_unknown_metric_of_a_comparison_is_told_once_for_each_name(tmp_path: Path) -> None:
    text = changed("metrics: [precision], max_drop: 0.02", "metrics: [a, b], max_drop: 0.02")
    assert len(findings(tmp_path, text)) == 2


def test_catalogue_without_a_metric_is_said_to_be_empty(tmp_path: Path) -> None:
    head, _, rest = WHOLE.partition("metrics:\n")
    first, *_ = findings(tmp_path, head + rest.partition("roles:")[1] + rest.partition("roles:")[2])
    assert first == (
        "p.yml:14:47: unknown metric `precision`. "
        "Add it to the catalogue under `metrics`, which is empty"
    )


def test_of_no_names_at_all_none_is_offered(tmp_path: Path) -> None:
    alone = (
        f"{OTHER}exemptions:\n  - {{policy: p, rules: [r], models: ['*'], reason: x, "
        "requested_by: U0DEV, approved_by: [U0LEAD], expires: 2026-12-01T01:00:00Z}\n"
    )
    assert findings(tmp_path, alone) == ["p.yml:3:14: unknown policy `p`. Known: none yet"]


def test_relative_loss_may_be_allowed_for_several_units_at_once(tmp_path: Path) -> None:
    text = changed(
        "metrics: [precision], max_drop: 0.02",
        "metrics: [precision, latency_p95_ms], max_drop_relative: 10%",
    )
    assert findings(tmp_path, text) == []


@pytest.mark.parametrize("first_release", ["allow", "deny"])
def test_policy_without_approvals_says_what_a_first_release_means(
    tmp_path: Path, first_release: str
) -> None:
    text = changed(
        "    approvals:\n      - {role: leads, count: 2, unless_asked_by: [devs]}\n",
        f"    first_release: {first_release}\n",
    )
    assert findings(tmp_path, text) == []


def test_rollback_policy_needs_no_word_on_first_releases(tmp_path: Path) -> None:
    text = changed(
        "    approvals:\n      - {role: leads, count: 2, unless_asked_by: [devs]}\n", ""
    ).replace("changes: [promote, rollback]", "changes: [rollback]")
    assert findings(tmp_path, text) == []


@pytest.mark.parametrize(
    ("part", "what", "first"),
    [
        ("metrics: {precision: {direction: higher}}\n", "2:11: metric `precision`", "3:3"),
        ("roles: {leads: {slack_users: [U0X]}}\n", "2:9: role `leads`", "6:3"),
        ("may: {leads: [read]}\n", "2:7: `may` of role `leads`", "10:3"),
        (
            (
                "policies:\n- first_release: deny\n  name: baseline\n"
                "  match: {models: [a], aliases: [b]}\n"
            ),
            "4:3: policy `baseline`",
            "12:5",
        ),
    ],
)
def test_name_that_another_file_defines_is_refused(
    tmp_path: Path, part: str, what: str, first: str
) -> None:
    paths = [written(tmp_path, WHOLE), written(tmp_path, OTHER + part, "q.yml")]
    (said,) = lint(paths)
    assert without(tmp_path, said) == (
        f"q.yml:{what} is defined twice, first at p.yml:{first}. Keep one of them"
    )


@pytest.mark.parametrize("bound", ["0", "1"])
def test_nothing_and_all_are_ratios(tmp_path: Path, bound: str) -> None:
    assert findings(tmp_path, changed("min: 0.80", f"min: {bound}")) == []


def test_each_wrong_exemption_is_told(tmp_path: Path) -> None:
    both = "".join(
        f"- {{policy: {policy}, rules: [{rule}], models: [a], reason: x, requested_by: U0A, "
        "approved_by: [U0B], expires: 2026-12-01T00:00:00Z}\n"
        for policy, rule in (("other", "tests"), ("baseline", "x"))
    )
    assert findings(tmp_path, f"{WHOLE}exemptions:\n{both}") == [
        "p.yml:27:12: unknown policy `other`. Known: baseline",
        (
            "p.yml:28:30: policy `baseline` has no rule `x`. "
            "Known: contents, latency, no-regress, precision, tests"
        ),
    ]


def test_files_add_up(tmp_path: Path) -> None:
    catalogue, _, rest = WHOLE.partition("roles:\n")
    paths = [
        written(tmp_path, f"{OTHER}roles:\n{rest}"),
        written(tmp_path, catalogue, "metrics.yml"),
    ]
    assert lint(paths) == ()


def test_references_wait_until_every_file_has_the_right_form(tmp_path: Path) -> None:
    catalogue, _, rest = WHOLE.partition("roles:\n")
    broken = written(tmp_path, f"{catalogue}x: 1\n", "metrics.yml")
    (said,) = lint([written(tmp_path, f"{OTHER}roles:\n{rest}"), broken])
    assert "unknown key `x`" in str(said)


def test_comparison_with_another_alias_than_the_one_that_moves_is_found(tmp_path: Path) -> None:
    rule = "metrics: [precision], max_drop: 0.02, against"
    (finding,) = findings(
        tmp_path, changed("metrics: [precision], max_drop: 0.02", f"{rule}: challenger")
    )
    assert finding.endswith(
        "a change of champion is compared with what champion names. "
        "Write a policy of its own for challenger, or leave `against` out"
    )
    whole = changed("metrics: [precision], max_drop: 0.02", f"{rule}: champion")
    assert findings(tmp_path, whole) == []
