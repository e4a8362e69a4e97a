"""Which policies have a say in a change is told with the reason, as they decide."""

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.domain.freezing import Span
from bot.domain.names import SlackUserId
from bot.domain.policy import PolicySet
from policies.explanation import change_of, explain, explanation_lines, why_not
from policies.loader import load_policies
from tests.builders import NOW
from tests.unit.policies.files import WHOLE, changed, with_rule, written

MORE = """\
  - name: elsewhere
    match: {models: ["*"], aliases: [champion], environments: [staging]}
    first_release: deny
  - name: here
    match: {models: ["*"], aliases: [challenger], environments: [production]}
    auto: {on: proposed}
    rules:
      - {id: card, type: artifacts, required: [a.txt], applies_when: {tags: {tier: "1"}}}
    approvals: [{role: leads, when: {tags: {tier: "1"}}}]
    four_eyes: false
    distinct: false
    reasons: [requester, approver]
    remind: 30m
    escalate: {after: 12h, role: leads}
    freeze:
      - {name: weekend, cron: "0 17 * * FRI", duration: 63h, timezone: UTC}
      - {name: year-end, from: 2026-12-18T17:00, to: 2027-01-04T09:00, timezone: UTC}
exemptions:
  - policy: baseline
    rules: [tests, latency]
    models: [prod.fraud.*]
    reason: INC-4411
    requested_by: U0DEV
    approved_by: [U0LEAD]
    expires: 2026-03-10T00:00:00Z
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A window that cannot be read."""

    name: str = "company"

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        raise ValueError(f"no events from {since} to {until}")


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    return load_policies([written(tmp_path, WHOLE + MORE)], "production")


def told(
    policies: PolicySet, model: str, *, is_rollback: bool = False, now: datetime = NOW
) -> list[str]:
    change = change_of(model, "champion", is_rollback=is_rollback)
    return list(explanation_lines(explain(policies, change, now)))


def test_whole_explanation_of_a_promotion(policies: PolicySet) -> None:
    assert told(policies, "prod.fraud.scorer") == [
        "Promotion of prod.fraud.scorer to champion in production",
        "May ask: leads",
        "",
        "baseline has a say: the model matches prod.*",
        "  enforce precision: metric metric=precision minimum=0.8",
        "  warn    latency: metric maximum=5000 metric=latency_p95_ms",
        (
            "  enforce no-regress: compare first_release=allow metrics=precision "
            'same_dataset=require tolerance={"max_drop": 0.02}'
        ),
        "  enforce tests: tests max_age=14d required=unit,load signed=False",
        "  enforce contents: contents required=description,signature",
        "  approvals: 2 of leads, unless asked by devs",
        (
            "  agreement: the requester never counts; a person fills one place in all; "
            "who is missing is reminded after 4 h"
        ),
        "  first release: require_approval",
        "  closed by 2 rejecting, and after 2 d",
        (
            "  exempt: latency, tests until 2026-03-10 00:00 UTC (INC-4411); "
            "asked for by U0DEV, approved by U0LEAD; it does not count when U0LEAD asks"
        ),
        "",
        "elsewhere has no say: it is for staging",
        "here has no say: it is about the alias challenger",
    ]


def test_where_nobody_is_asked_no_terms_are_told(policies: PolicySet) -> None:
    alone = [replace(policy, approvals=()) for policy in policies.policies]
    lines = told(replace(policies, policies=tuple(alone)), "prod.fraud.scorer")
    assert "  approvals: none" in lines
    assert not any("agreement" in line for line in lines)


@pytest.mark.parametrize(("least", "told_"), [("36h", "36h"), ("90m", "90m"), ("48h", "2d")])
def test_durations_and_pairs_are_told_as_files_write_them(
    tmp_path: Path, least: str, told_: str
) -> None:
    rules = (
        f"{{id: soak, type: soak, alias: challenger, min: {least}}}\n"
        '      - {id: owned, type: tags, required: {owner: ".+", team: x}}'
    )
    lines = told(load_policies([written(tmp_path, with_rule(rules))]), "prod.x")
    assert f"  enforce soak: soak alias=challenger minimum={told_}" in lines
    assert "  enforce owned: tags required=owner:.+,team:x" in lines


def test_short_spans_are_told_in_minutes(tmp_path: Path) -> None:
    agreement = "expires: 90m\n    remind: 1m\n    escalate: {after: 2m, role: leads}"
    lines = told(load_policies([written(tmp_path, changed("expires: 48h", agreement))]), "prod.x")
    terms = "who is missing is reminded after 1 min; leads is told after 2 min"
    assert any(line.endswith(terms) for line in lines)
    assert "  closed by 2 rejecting, and after 1 h 30 min" in lines


def test_all_of_several_are_told(tmp_path: Path) -> None:
    text = (
        WHOLE.replace('["prod.*"]', '["prod.*", "prod.f*"]')
        .replace("members: [read]", "members: [read, promote]")
        .replace("[devs]}", "[devs, leads]}\n      - {role: devs}")
        .replace("max_age: 14d", "max_age: 14d, applies_when: {tags: {risk: high}}")
        .replace("expires: 48h", "expires: 48h\n    auto: {on: challenger}")
    )
    several = load_policies([written(tmp_path, text)])
    lines = told(several, "prod.fraud.scorer")
    assert "May ask: leads, members" in lines
    assert "baseline has a say: the model matches prod.*, prod.f*" in lines
    assert "  approvals: 2 of leads, unless asked by devs, leads; 1 of devs" in lines
    (tests,) = (line for line in lines if "tests: tests" in line)
    assert " max_age=14d " in tests
    assert any("proposed without a person" in line for line in lines)
    back = told(several, "prod.fraud.scorer", is_rollback=True)
    assert not any("proposed without a person" in line for line in back)


def test_all_that_a_policy_is_for_is_told_of_one_without_a_say(tmp_path: Path) -> None:
    text = WHOLE.replace("aliases: [champion]", "aliases: [shadow, challenger]")
    lines = told(load_policies([written(tmp_path, text)]), "prod.x")
    assert "baseline has no say: it is about the alias challenger, shadow" in lines


def test_words_of_any_language_are_told_as_they_are(tmp_path: Path) -> None:
    paired = "{table: a.json, id: id, correct: größer}"
    rule = f"{{id: a, type: compare, metrics: [precision], max_drop: 0.1, paired: {paired}}}"
    lines = told(load_policies([written(tmp_path, with_rule(rule))]), "prod.x")
    assert '"column": "größer"' in " ".join(lines)


def test_first_releases_are_no_matter_of_rollbacks(policies: PolicySet) -> None:
    lines = told(policies, "prod.fraud.scorer", is_rollback=True)
    assert lines[0] == "Rollback of prod.fraud.scorer to champion in production"
    assert not any("first release" in line for line in lines)
    assert "here has no say: it is about promote" in lines


def test_change_without_a_policy_is_denied(policies: PolicySet) -> None:
    lines = told(policies, "dev.x")
    assert "No policy has a say, so it is denied" in lines
    assert "baseline has no say: the model matches none of prod.*" in lines


def test_excluded_model_is_told_as_such(policies: PolicySet) -> None:
    lines = told(policies, "prod.test.x")
    assert "baseline has no say: the model is excluded by prod.test.x" in lines


def test_frozen_times_and_conditions_of_approvals_are_told(policies: PolicySet) -> None:
    change = change_of("prod.x", "challenger", is_rollback=False)
    lines = list(explanation_lines(explain(policies, change, NOW)))
    assert lines[3:12] == [
        "here has a say: the model matches *",
        "  enforce card: artifacts required=a.txt applies_when=tag tier is 1",
        "  approvals: 1 of leads, when tag tier is 1",
        (
            "  agreement: the requester counts too; a person fills one place in each role; "
            "the approver has to say why; the requester has to say why; "
            "who is missing is reminded after 30 min; leads is told after 12 h"
        ),
        "  first release: require_approval",
        "  proposed without a person when a version gets proposed, at most 3 a day",
        "  closed by 1 rejecting, and after 1 d",
        "  freeze weekend: next 2026-03-06 17:00 UTC to 2026-03-09 08:00 UTC",
        "  freeze year-end: not within 31 days",
    ]


def freezes_told(policies: PolicySet, now: datetime) -> list[str]:
    change = change_of("prod.x", "challenger", is_rollback=False)
    (here,) = explain(policies, change, now)["policies"]
    freezes: list[str] = here["freezes"]
    return freezes


def test_a_window_that_freezes_now_says_until_when(policies: PolicySet) -> None:
    weekend, _ = freezes_told(policies, datetime(2026, 3, 7, tzinfo=UTC))
    assert weekend == "weekend: now, until 2026-03-09 08:00 UTC"


def test_moments_are_told_in_utc_wherever_herald_runs(
    policies: PolicySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Kathmandu")
        time.tzset()
        weekend, _ = freezes_told(policies, datetime(2026, 3, 7, tzinfo=UTC))
    time.tzset()
    assert weekend == "weekend: now, until 2026-03-09 08:00 UTC"


def test_a_window_that_cannot_be_read_is_told_as_frozen(policies: PolicySet) -> None:
    broken = [replace(p, freezes=(Broken(),)) for p in policies.policies]
    assert freezes_told(replace(policies, policies=tuple(broken)), NOW) == [
        "company: now, until it can be read (ValueError)"
    ]


def test_an_exemption_that_several_approved_counts_for_everybody(policies: PolicySet) -> None:
    lines = told(with_approvers(policies, "U0A", "U0B"), "prod.fraud.scorer")
    (line,) = [line for line in lines if "exempt" in line]
    assert line.endswith("approved by U0A, U0B")


def with_approvers(policies: PolicySet, *approvers: str) -> PolicySet:
    by = tuple(map(SlackUserId, approvers))
    changed = [
        replace(p, exemptions=tuple(replace(e, approved_by=by) for e in p.exemptions))
        for p in policies.policies
    ]
    return replace(policies, policies=tuple(changed))


@pytest.mark.parametrize(
    ("model", "after"),
    [
        ("prod.churn.x", timedelta()),
        ("prod.fraud.scorer", datetime(2026, 3, 10, tzinfo=UTC) - NOW),
    ],
)
def test_exemption_for_others_or_over_is_not_told(
    policies: PolicySet, model: str, after: timedelta
) -> None:
    assert not any("exempt" in line for line in told(policies, model, now=NOW + after))


def test_nobody_may_ask_where_no_role_may(tmp_path: Path) -> None:
    text = WHOLE.replace("leads: [promote, rollback, cancel, resolve]", "leads: [read]")
    nobody = load_policies([written(tmp_path, text)])
    lines = told(nobody, "prod.x")
    assert lines[:2] == ["Promotion of prod.x to champion", "May ask: nobody"]
    assert "has no say" not in " ".join(lines)


def test_explanation_can_be_written_as_json(policies: PolicySet) -> None:
    said = explain(policies, change_of("prod.x", "champion", is_rollback=False), NOW)
    assert json.loads(json.dumps(said))["policies"][0]["policy"] == "baseline"
    assert said["policies"][0]["description"] == "What it takes"


def test_explanation_agrees_with_what_decides(policies: PolicySet) -> None:
    models, aliases = ("prod.x", "prod.test.x", "dev.x"), ("champion", "challenger", "other")
    for model, alias, is_rollback in product(models, aliases, (False, True)):
        change = change_of(model, alias, is_rollback=is_rollback)
        told_ = [p for p in policies.policies if why_not(p, change, policies.environment) == ""]
        assert told_ == list(policies.matching(change.kind, change.model, change.alias))
