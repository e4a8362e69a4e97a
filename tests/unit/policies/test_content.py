"""The content of a policy: it moves with every meaning, and with nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.loader import PolicyText, parse_policies
from tests.unit.policies.files import WHOLE, changed


def content(text: str) -> str:
    (policy,) = parse_policies([PolicyText(file="p.yml", content=text.encode())]).policies
    return policy.content


ORIGINAL = content(WHOLE)


def shuffled(value: Any, draw: st.DrawFn) -> Any:
    """Return the same mappings with their entries in another order."""
    if isinstance(value, dict):
        keys = draw(st.permutations(list(value)))
        return {key: shuffled(value[key], draw) for key in keys}
    return [shuffled(item, draw) for item in value] if isinstance(value, list) else value


@st.composite
def other_notations(draw: st.DrawFn) -> str:
    """Return the whole file as another writer would have written it."""
    value = shuffled(yaml.load(WHOLE, Loader=yaml.BaseLoader), draw)  # noqa: S506 - knows text only
    flow, indent = draw(st.sampled_from([True, False, None])), draw(st.integers(2, 6))
    text = yaml.dump(value, default_flow_style=flow, indent=indent, sort_keys=False)
    for number in ("0.80", "0.02", "5000", "2"):
        text = text.replace(f"'{number}'", number)
    comment = draw(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
    return f"# {comment}\n{text}\n# {comment}"


@settings(max_examples=25)
@given(text=other_notations())
def test_notation_order_of_keys_and_comments_do_not_move_it(text: str) -> None:
    assert content(text) == ORIGINAL


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min: 0.80", "min: 0.8"),
        ("max: 5000", "max: 5.0e3"),
        ("max_drop: 0.02", "max_drop: 0.02, same_dataset: require"),
        ("max_age: 14d", "max_age: 336h"),
        ("expires: 48h", "expires: 2d"),
        ("rejections: 2", "rejections: 2\n    severity: enforce"),
        ("rejections: 2", "rejections: 2\n    first_release: require_approval"),
        ("[promote, rollback]", "[rollback, promote]"),
        ("aliases: [champion]", "aliases: [champion, champion]"),
        ("min: 0.80}", "min: 0.80, severity: enforce}"),
        ("leads: {slack_groups: [ml-leads]}", "leads: {slack_users: [U0NEW]}"),
        ("leads: [promote, rollback, cancel, resolve]", "leads: [promote]"),
    ],
)
def test_what_means_the_same_to_the_policy_does_not_move_it(old: str, new: str) -> None:
    assert content(changed(old, new)) == ORIGINAL


def test_order_of_rules_does_not_move_it() -> None:
    first = "      - {id: precision, type: metric, metric: precision, min: 0.80}\n"
    text = changed(first, "").replace("    approvals:\n", f"{first}    approvals:\n")
    assert content(text) == ORIGINAL


def test_metric_that_the_policy_does_not_use_does_not_move_it() -> None:
    assert content(changed("metrics:\n", "metrics:\n  f1: {direction: higher}\n")) == ORIGINAL


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("direction: higher", "direction: lower"),
        ("unit: ms", "unit: s"),
        ("aliases: [eval/precision]", "aliases: [eval/precision, p]"),
        ("name: baseline", "name: basis"),
        ("description: What it takes", "description: What it costs"),
        ('models: ["prod.*"]', 'models: ["prod.**"]'),
        ("exclude: [prod.test.x]", "exclude: []"),
        ("aliases: [champion]", "aliases: [challenger]"),
        ("changes: [promote, rollback]", "changes: [promote]"),
        ("id: latency", "id: slow"),
        ("min: 0.80", "min: 0.800000000000001"),
        ("min: 0.80", "max: 0.80"),
        ("severity: warn", "severity: audit"),
        (", severity: warn", ""),
        ("max_drop: 0.02", "max_drop_relative: 0.02"),
        ("max_drop: 0.02", "max_drop: 0.02, max_drop_relative: 1"),
        ("max_drop: 0.02", "max_drop: 0.02, same_dataset: warn"),
        ("required: [unit, load]", "required: [unit]"),
        (", max_age: 14d", ""),
        ("max_age: 14d", "max_age: 15d"),
        ("max_age: 14d", "max_age: 14d, docs: 'https://example.com/tests'"),
        ("max_age: 14d", "max_age: 14d, applies_when: {tags: {risk: high}}"),
        ("require: [description, signature]", "require: [description, requirements]"),
        ("role: leads", "role: devs"),
        ("count: 2", "count: 1"),
        (", unless_asked_by: [devs]", ""),
        ("    rejections: 2\n", ""),
        ("rejections: 2", "rejections: 2\n    severity: warn"),
        ("rejections: 2", "rejections: 2\n    first_release: deny"),
        ("expires: 48h", "expires: 47h"),
        ("count: 2", "count: 2, when: {tags: {risk: high}}"),
        ("count: 2", "count: 2, when: {outcomes: {latency: [warned]}}"),
        ("rejections: 2", "rejections: 2\n    four_eyes: false"),
        ("rejections: 2", "rejections: 2\n    distinct: false"),
        ("rejections: 2", "rejections: 2\n    reasons: [approver]"),
        ("rejections: 2", "rejections: 2\n    remind: 1h"),
        ("rejections: 2", "rejections: 2\n    escalate: {after: 8h, role: devs}"),
    ],
)
def test_every_change_of_meaning_moves_it(old: str, new: str) -> None:
    assert content(changed(old, new)) != ORIGINAL


decimals = st.decimals(min_value=0, max_value=1, places=15, allow_nan=False)


@given(one=decimals, other=decimals)
def test_two_bounds_move_it_exactly_when_they_differ(one: object, other: object) -> None:
    texts = [changed("min: 0.80", f"min: {bound:f}") for bound in (one, other)]
    assert (content(texts[0]) == content(texts[1])) == (one == other)


def test_address_for_readers_shows_only_where_there_is_one() -> None:
    limited = changed("max_age: 14d", "max_age: 14d, applies_when: {tags: {risk: high}}")
    assert '"docs"' not in ORIGINAL + content(limited)
    documented = limited.replace("max_age: 14d", "max_age: 14d, docs: 'https://example.com/x'")
    assert content(documented).count('"docs":"https://example.com/x"') == 2


def test_kind_of_a_rule_moves_it() -> None:
    tests = changed(
        "type: tests, required: [unit, load], max_age: 14d",
        "type: tests, required: [description]",
    )
    contents = changed(
        "type: tests, required: [unit, load], max_age: 14d",
        "type: contents, require: [description]",
    )
    kinds = [json.loads(content(text))["rules"]["tests"]["type"] for text in (tests, contents)]
    assert kinds == ["tests", "contents"]


def test_requests_of_today_find_the_same_text_tomorrow() -> None:
    text = """\
apiVersion: herald/v1
policies:
  - name: small
    match: {models: [a], aliases: [champion]}
    rules:
      - {id: files, type: artifacts, required: [card.md]}
    freeze:
      - {name: night, cron: "0 1 * * *", duration: 1h, timezone: UTC}
    auto: {on: challenger}
    first_release: deny
"""
    night = {"name": "night", "cron": "0 1 * * *", "duration": 3600.0, "timezone": "UTC"}
    unset = {"from": None, "to": None, "ics": None}
    check = {"id": "files", "policy": "small", "severity": "enforce", "required": ["card.md"]}
    assert json.loads(content(text)) == {
        "name": "small",
        "description": "",
        "changes": ["promote"],
        "models": ["a"],
        "exclude": [],
        "aliases": ["champion"],
        "environments": [],
        "rules": {"files": {"type": "artifacts", "check": check}},
        "approvals": [],
        "first_release": "deny",
        "rejections": 1,
        "expires": 86400.0,
        "freeze": [json.dumps(night | unset, sort_keys=True, separators=(",", ":"))],
        "auto": {"on": "challenger", "per_day": 3},
        "terms": {
            "four_eyes": True,
            "distinct": True,
            "reasons": [],
            "remind_after": 14400.0,
            "escalations": [],
        },
    }


def test_it_is_canonical_json() -> None:
    value = json.loads(ORIGINAL)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again == ORIGINAL


def test_it_does_not_tell_where_the_file_was(tmp_path: Path) -> None:
    assert str(tmp_path) not in ORIGINAL
    assert "p.yml" not in ORIGINAL
