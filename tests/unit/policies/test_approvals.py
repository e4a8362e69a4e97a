"""Who has to agree and on what terms, from the file to the policy that decides."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.conditions import Condition
from bot.domain.names import RoleName
from bot.domain.policy import Policy
from bot.domain.terms import AgreementTerms, Escalation, Insisted, ReasonFrom
from policies.loader import PolicyText, parse_policies
from tests.unit.policies.files import changed, findings


def policy(text: str) -> Policy:
    (only,) = parse_policies([PolicyText(file="p.yml", content=text.encode())]).policies
    return only


def test_terms_are_read() -> None:
    text = changed(
        "rejections: 2",
        "four_eyes: false\n    distinct: false\n    reasons: [requester, approver]\n"
        "    remind: 90m\n    escalate: {after: 8h, role: devs}",
    )
    assert policy(text).terms == AgreementTerms(
        four_eyes=False,
        distinct=False,
        reasons=frozenset(ReasonFrom),
        remind_after=timedelta(minutes=90),
        escalations=(Escalation(after=timedelta(hours=8), role=RoleName("devs")),),
    )


@pytest.mark.parametrize(
    ("written", "insisted"),
    [
        ("four_eyes: true", {Insisted.FOUR_EYES}),
        ("distinct: true", {Insisted.DISTINCT}),
        ("four_eyes: false", set()),
        ("rejections: 2", set()),
    ],
)
def test_only_what_is_written_out_as_true_is_insisted_on(
    written: str, insisted: set[Insisted]
) -> None:
    assert policy(changed("rejections: 2", written)).insists == insisted


def test_condition_is_read() -> None:
    text = changed(
        "count: 2", "count: 2, when: {tags: {risk: high}, outcomes: {latency: [warned, failed]}}"
    )
    assert policy(text).approvals[0].when == Condition(
        tags=(("risk", "high"),),
        outcomes=(("latency", frozenset({"warned", "failed"})),),
    )


def test_databricks_groups_make_a_role() -> None:
    text = changed("{slack_groups: [ml-leads]}", "{databricks_groups: [ML Leads]}")
    loaded = parse_policies([PolicyText(file="p.yml", content=text.encode())])
    assert loaded.roles[RoleName("leads")].databricks_groups == {"ML Leads"}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("when: {}", "`when` has no condition. Give tags or outcomes, or leave `when` out"),
        (
            "when: {tags: {herald.request: x}}",
            (
                "Herald writes the tag `herald.request` itself, so that it shows nothing. "
                "Name another tag"
            ),
        ),
        (
            "when: {tags: {risk: '('}}",
            (
                "`(` is no regular expression: missing ), unterminated subpattern at position 0. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
        (
            f"when: {{tags: {{risk: {'a' * 201}}}}}",
            "the pattern is longer than 200 characters. Write a shorter one",
        ),
        ("when: {tag: {risk: high}}", "unknown key `tag`. Did you mean `tags`?"),
        (
            "when: {outcomes: {latncy: [warned]}}",
            "policy `baseline` has no rule `latncy`. Did you mean `latency`?",
        ),
        (
            "when: {outcomes: {latency: [bad]}}",
            (
                "`bad` is not allowed for `latency`. "
                "Known: errored, exempt, failed, inconclusive, missing, passed, skipped, warned"
            ),
        ),
        ("when: {outcomes: {latency: []}}", "`latency` is empty. Name at least one"),
    ],
)
def test_wrong_condition_is_told(tmp_path: Path, new: str, said: str) -> None:
    (found,) = findings(tmp_path, changed("count: 2", f"count: 2, {new}"))
    assert found.endswith(said), found


def test_condition_on_a_rule_of_a_policy_without_rules_is_told(tmp_path: Path) -> None:
    text = (
        "apiVersion: herald/v1\nroles:\n  leads: {slack_users: [U0A]}\npolicies:\n"
        "  - name: small\n    match: {models: [a], aliases: [champion]}\n"
        "    approvals: [{role: leads, when: {outcomes: {x: [failed]}}}]\n"
    )
    (said,) = findings(tmp_path, text)
    assert said == "p.yml:7:49: policy `small` has no rule `x`. It has none"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "escalate: {after: 48h, role: devs}",
            (
                "the request is over before anybody is told of it. "
                "Let `escalate` come before `expires`"
            ),
        ),
        ("escalate: {after: 8h, role: dev}", "unknown role `dev`. Did you mean `devs`?"),
        ("escalate: {after: 8h}", "`role` is missing. Add `role`"),
        ("escalate: {after: 8h, role: devs, to: x}", "unknown key `to`. Known: after, role"),
        (
            "reasons: [everybody]",
            "`everybody` is not allowed for `reasons`. Known: approver, requester",
        ),
        (
            "four_eyes: sometimes",
            (
                "`four_eyes` has to be true or false, not `sometimes`. "
                "Write true or false, without quotes"
            ),
        ),
    ],
)
def test_wrong_terms_are_told(tmp_path: Path, new: str, said: str) -> None:
    (found,) = findings(tmp_path, changed("rejections: 2", f"rejections: 2\n    {new}"))
    assert found.endswith(said), found
