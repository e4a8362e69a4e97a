"""The canonical text of a policy differs exactly when the policy asks for something else."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.canonical import canonical_json
from policies.loader import PolicyText, parse_policies
from policies.schema import MatchEntry, PolicyEntry
from tests.properties.sound import RULES, checks

some = settings(max_examples=max(25, settings().max_examples // 4))
"""For each kind there is."""

TESTS = {"id": "tests", "type": "tests", "required": ["unit"]}
MATCH = {"models": ["prod.*"], "aliases": ["champion"]}
LEADS = {"role": "leads"}
POLICY = {"name": "baseline", "match": MATCH, "rules": [TESTS], "approvals": [LEADS]}

OTHERWISE: dict[str, list[Any]] = {
    "name": ["strict"],
    "description": ["What it takes"],
    "match": [
        {**MATCH, "models": ["prod.*", "dev.*"]},
        {**MATCH, "exclude": ["prod.test.*"]},
        {**MATCH, "aliases": ["champion", "challenger"]},
        {**MATCH, "environments": ["prod"]},
    ],
    "changes": [["promote", "rollback"]],
    "severity": ["warn", "audit"],
    "rules": [
        [],
        [TESTS, {**TESTS, "id": "more"}],
        [{**TESTS, "severity": "warn"}],
        [{**TESTS, "applies_when": {"tags": {"tier": "1"}}}],
    ],
    "approvals": [
        [{"role": "risk"}],
        [{**LEADS, "count": 2}],
        [{**LEADS, "unless_asked_by": ["leads"]}],
        [{**LEADS, "when": {"tags": {"tier": "1"}}}],
        [{**LEADS, "when": {"outcomes": {"tests": ["warned"]}}}],
        [LEADS, {"role": "risk"}],
    ],
    "four_eyes": [False, True],
    "distinct": [False, True],
    "reasons": [["requester"], ["approver"]],
    "first_release": ["allow", "deny"],
    "rejections": [2],
    "expires": ["25h"],
    "remind": ["5h"],
    "escalate": [{"after": "8h", "role": "risk"}, {"after": "9h", "role": "risk"}],
    "freeze": [
        [{"name": "end", "cron": "0 18 * * FRI", "duration": "60h", "timezone": "UTC"}],
        [{"name": "end", "cron": "0 18 * * FRI", "duration": "61h", "timezone": "UTC"}],
        [{"name": "end", "cron": "0 18 * * FRI", "duration": "60h", "timezone": "Europe/Rome"}],
        [{"name": "end", "from": "2026-12-20T00:00", "to": "2027-01-03T00:00", "timezone": "UTC"}],
    ],
    "auto": [{"on": "challenger"}, {"on": "challenger", "per_day": 4}],
}
"""Each setting of a policy, as something else than usual."""


def content(**changed: Any) -> str:
    """Return the canonical text of a policy as its file would give it."""
    file = {
        "apiVersion": "herald/v1",
        "roles": {"leads": {"slack_groups": ["leads"]}, "risk": {"slack_groups": ["risk"]}},
        "policies": [{**POLICY, **changed}],
    }
    text = PolicyText(file="p.yml", content=json.dumps(file).encode())
    (policy,) = parse_policies([text], environment="prod").policies
    return policy.content


def test_every_setting_is_tried() -> None:
    assert set(OTHERWISE) == set(PolicyEntry.model_fields)
    assert {key for match in OTHERWISE["match"] for key in match} == set(MatchEntry.model_fields)


@pytest.mark.parametrize("setting", OTHERWISE)
def test_every_setting_shows_in_the_text(setting: str) -> None:
    texts = [content(), *(content(**{setting: value}) for value in OTHERWISE[setting])]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", RULES)
@some
@given(data=st.data())
def test_rules_that_ask_for_something_else_read_differently(kind: str, data: st.DataObject) -> None:
    one, other = data.draw(checks(kind)), data.draw(checks(kind))
    assert (one == other) is (canonical_json(one) == canonical_json(other))
