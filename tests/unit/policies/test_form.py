"""What is wrong with the form of a policy file is said in its place, with what to do."""

from pathlib import Path

import pytest

from tests.unit.policies.files import WHOLE, changed, findings

RULE = "{id: precision, type: metric, metric: precision, min: 0.80}"


def test_whole_file_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    rejections: 2",
            "    severty: warn",
            "p.yml:24:5: unknown key `severty`. Did you mean `severity`?",
        ),
        (
            RULE,
            "{id: precision, type: metric, metric: precision, minimum: 0.80, min: 1}",
            "p.yml:17:58: unknown key `minimum`. Did you mean `min`?",
        ),
        (
            RULE,
            "{id: precision, type: metric, metric: precision, zzz: 0.80, min: 1}",
            (
                "p.yml:17:58: unknown key `zzz`. Known: applies_when, docs, id, max, metric, min, "
                "min_samples, severity, source, type, window"
            ),
        ),
        (
            "exclude: [",
            "exlude: [",
            "p.yml:14:33: unknown key `exlude`. Did you mean `exclude`?",
        ),
        (
            "unit: ratio,",
            "units: ratio,",
            "p.yml:3:34: unknown key `units`. Did you mean `unit`?",
        ),
        (
            "{slack_groups: [ml-leads]}",
            "{slack_group: [ml-leads], emails: [a@b.c]}",
            "p.yml:6:11: unknown key `slack_group`. Did you mean `slack_groups`?",
        ),
        (
            "count: 2",
            "counts: 2",
            "p.yml:23:23: unknown key `counts`. Did you mean `count`?",
        ),
        (
            "policies:",
            "polices:",
            "p.yml:11:1: unknown key `polices`. Did you mean `policies`?",
        ),
        (
            "apiVersion: herald/v1",
            "apiVersion: herald/v2",
            "p.yml:1:13: `herald/v2` is not allowed for `apiVersion`. Did you mean `herald/v1`?",
        ),
        (
            "apiVersion: herald/v1\n",
            "",
            "p.yml:1:1: `apiVersion` is missing. Add `apiVersion`, such as apiVersion: herald/v1",
        ),
        (
            "  - name: baseline\n    description",
            "  - description",
            "p.yml:12:5: `name` is missing. Add `name`",
        ),
        (
            "id: precision, type",
            "type",
            "p.yml:17:9: `id` is missing. Add `id`",
        ),
        (
            "type: tests, ",
            "",
            (
                "p.yml:20:9: the rule has no `type`. Add one: artifacts, compare, contents, "
                "drift, endpoint_health, lineage, metric, model_card, platform_privilege, semver, "
                "soak, source, tags, tests"
            ),
        ),
        (
            "type: tests",
            "type: test",
            "p.yml:20:9: unknown rule type `test`. Did you mean `tests`?",
        ),
        (
            RULE,
            "precision",
            (
                "p.yml:17:9: `rules` has to be a mapping, not `precision`. "
                "Write `name: value` lines below it"
            ),
        ),
        (
            "type: tests, required: [unit, load], max_age: 14d",
            "type: lineage, upstream: some",
            "p.yml:20:46: `some` is not allowed for `upstream`. Known: at_least_one",
        ),
        (
            "type: tests, required: [unit, load], max_age: 14d",
            "type: lineage, upstream: []",
            "p.yml:20:46: `upstream` is empty. Name at least one",
        ),
        (
            "type: tests, required: [unit, load], max_age: 14d",
            "type: lineage, upstream: [1]",
            (
                "p.yml:20:47: `upstream` has to be text, not `1`. "
                "Write text; put it in quotes where it looks like a number"
            ),
        ),
        (
            "direction: higher",
            "direction: highest",
            "p.yml:3:26: `highest` is not allowed for `direction`. Did you mean `higher`?",
        ),
        (
            "severity: warn",
            "severity: no",
            "p.yml:18:82: `no` is not allowed for `severity`. Known: audit, enforce, warn",
        ),
        (
            "leads: [promote, rollback, cancel, resolve]",
            "leads: [promote, rolback]",
            "p.yml:10:20: `rolback` is not allowed for `leads`. Did you mean `rollback`?",
        ),
        (
            "changes: [promote, rollback]",
            "changes: [promote, roll_back]",
            "p.yml:15:24: `roll_back` is not allowed for `changes`. Did you mean `rollback`?",
        ),
        (
            "require: [description, signature]",
            "require: [description, signatur]",
            "p.yml:21:63: `signatur` is not allowed for `require`. Did you mean `signature`?",
        ),
        (
            "max_drop: 0.02",
            "max_drop: 0.02, same_dataset: true",
            "p.yml:19:93: `true` is not allowed for `same_dataset`. Known: ignore, require, warn",
        ),
        (
            "    rejections: 2",
            "    first_release: pass",
            (
                "p.yml:24:20: `pass` is not allowed for `first_release`. "
                "Known: allow, deny, require_approval"
            ),
        ),
        (
            "name: baseline",
            "name: 2026",
            (
                "p.yml:12:11: `name` has to be text, not `2026`. "
                "Write text; put it in quotes where it looks like a number"
            ),
        ),
        (
            "name: baseline",
            "name: prod/baseline",
            (
                "p.yml:12:11: `prod/baseline` does not do here. "
                "Write letters, digits, `.`, `_` and `-`, at most 64 in all"
            ),
        ),
        (
            "description: What it takes",
            f"description: {'x' * 501}",
            (
                f"p.yml:13:18: `{'x' * 39}…` does not do for `description`. "
                "Write at most 500 characters"
            ),
        ),
        (
            'models: ["prod.*"]',
            "models: prod",
            "p.yml:14:21: `models` has to be a list, not `prod`. Write a list like [a, b]",
        ),
        (
            'models: ["prod.*"]',
            "models: []",
            "p.yml:14:21: `models` is empty. Name at least one",
        ),
        (
            'models: ["prod.*"]',
            'models: ["prod.a b"]',
            (
                "p.yml:14:22: `prod.a b` does not do here. "
                "Write a model's full name; * stands for anything"
            ),
        ),
        (
            "aliases: [champion]",
            "aliases: [Champion]",
            (
                "p.yml:14:67: `Champion` is no alias that Herald moves. "
                "Use lower-case letters, digits, _ and -; `latest` and v1, v2 … are taken"
            ),
        ),
        (
            "match: {models",
            "match: [x]\n    x: {models",
            (
                "p.yml:14:12: `match` has to be a mapping, not a list. "
                "Write `name: value` lines below it"
            ),
        ),
        (
            "count: 2",
            "count: '2'",
            (
                "p.yml:23:30: `count` has to be a whole number, not `2`. "
                "Write a whole number, without quotes"
            ),
        ),
        (
            "count: 2",
            "count: 0",
            "p.yml:23:30: `0` does not do for `count`. Write at least 1",
        ),
        (
            "rejections: 2",
            "rejections:",
            (
                "p.yml:24:16: `rejections` has to be a whole number, not nothing. "
                "Write a whole number, without quotes"
            ),
        ),
        (
            "min: 0.80",
            "min: '0.80'",
            "p.yml:17:63: `0.80` is not a number. Write it like 0.85, without quotes",
        ),
        (
            "min: 0.80",
            "min: true",
            "p.yml:17:63: `true` is not a number. Write it like 0.85, without quotes",
        ),
        (
            "min: 0.80",
            "min: .inf",
            "p.yml:17:63: `.inf` is not a number. Write it like 0.85, without quotes",
        ),
        (
            "min: 0.80",
            "min: 0.1234567890123456",
            "p.yml:17:63: 0.1234567890123456 has too many digits. Write at most 15 digits",
        ),
        (
            "max: 5000",
            "max: 1e16",
            "p.yml:18:66: 1E+16 has too many digits. Write at most 15 digits",
        ),
        (
            "min: 0.80",
            "min: 1e-16",
            "p.yml:17:63: 1E-16 has too many digits. Write at most 15 digits",
        ),
        (
            "min: 0.80",
            "min: [1]",
            "p.yml:17:63: a list is not a number. Write it like 0.85, without quotes",
        ),
        (
            "min: 0.80",
            "min: {a: 1}",
            "p.yml:17:63: a mapping is not a number. Write it like 0.85, without quotes",
        ),
        (
            ", min: 0.80",
            "",
            "p.yml:17:9: rule `precision` has no bound. Add min or max",
        ),
        (
            "min: 0.80",
            "min: 0.80, max: 0.7",
            (
                "p.yml:17:9: no value of `precision` is at least 0.80 and at most 0.7. "
                "Swap min and max"
            ),
        ),
        (
            ", max_drop: 0.02",
            "",
            (
                "p.yml:19:9: rule `no-regress` does not say how much worse is allowed. "
                "Add max_drop or max_drop_relative; 0 allows nothing worse"
            ),
        ),
        (
            "max_drop: 0.02",
            "max_drop: -0.02",
            "p.yml:19:73: -0.02 is negative. Write how much worse it may be, as a positive number",
        ),
        (
            "max_drop: 0.02",
            "max_drop_relative: 2",
            "p.yml:19:82: 2 is not a share. Write a number from 0 to 1, or per cent like 10%",
        ),
        (
            "max_drop: 0.02",
            "max_drop_relative: 101%",
            "p.yml:19:82: 101% is not a share. Write a number from 0 to 1, or per cent like 10%",
        ),
        (
            "max_drop: 0.02",
            "max_drop_relative: much",
            "p.yml:19:82: `much` is not a number. Write it like 0.85, without quotes",
        ),
        (
            "max_age: 14d",
            "max_age: 14",
            "p.yml:20:67: `14` is not a duration. Write it like 30m, 24h or 14d",
        ),
        (
            "max_age: 14d",
            "max_age: 1٤d",
            "p.yml:20:67: `1٤d` is not a duration. Write it like 30m, 24h or 14d",
        ),
        (
            "max_drop: 0.02",
            "max_drop_relative: ٤%",
            "p.yml:19:82: `٤%` is not a number. Write it like 0.85, without quotes",
        ),
        (
            "max_age: 14d",
            'max_age: "1\\n4d"',
            "p.yml:20:67: `1 4d` is not a duration. Write it like 30m, 24h or 14d",
        ),
        (
            "apiVersion: herald/v1",
            'apiVersion: herald/v1\n"a\\nb": 1',
            (
                "p.yml:2:1: unknown key `a b`. "
                "Known: apiVersion, exemptions, may, metrics, policies, roles"
            ),
        ),
        (
            ", aliases: [champion]}",
            "}",
            "p.yml:14:12: `aliases` is missing. Add `aliases`, such as aliases: [champion]",
        ),
        (
            '    match: {models: ["prod.*"], exclude: [prod.test.x], aliases: [champion]}\n',
            "",
            (
                "p.yml:12:5: `match` is missing. "
                'Add `match`, such as match: {models: ["prod.*"], aliases: [champion]}'
            ),
        ),
        (
            "type: tests",
            "type: nonsense",
            (
                "p.yml:20:9: unknown rule type `nonsense`. Known: artifacts, compare, contents, "
                "drift, endpoint_health, lineage, metric, model_card, platform_privilege, semver, "
                "soak, source, tags, tests"
            ),
        ),
        (
            "max_age: 14d",
            "max_age: 0h",
            "p.yml:20:67: `0h` is not a duration. Write it like 30m, 24h or 14d",
        ),
        (
            "max_age: 14d",
            "max_age: 366d",
            "p.yml:20:67: 366d is more than a year. Write at most 365d",
        ),
        (
            "expires: 48h",
            "expires: 1:30",
            "p.yml:25:14: `1:30` is not a duration. Write it like 30m, 24h or 14d",
        ),
        (
            "unit: ms",
            "unit: milli seconds",
            (
                "p.yml:4:44: `milli seconds` does not do here. "
                "Write at most 16 characters without blanks"
            ),
        ),
        (
            "  latency_p95_ms: {",
            "  'latency?': {",
            "p.yml:4:3: `latency?` does not do here. Write letters, digits and `_ . : / -`",
        ),
        (
            "slack_users: [U0DEV]",
            "slack_users: ['@dev']",
            "p.yml:7:24: `@dev` does not do here. Write a Slack user's id like U0123ABCD",
        ),
        (
            "slack_groups: [ml-leads]",
            "slack_groups: ['@ml-leads']",
            (
                "p.yml:6:26: `@ml-leads` does not do here. "
                "Write a user group's handle without @, or its id"
            ),
        ),
        (
            "emails: [Ada@Example.com]",
            "emails: [ada]",
            "p.yml:7:41: `ada` does not do here. Write an address like name@example.com",
        ),
        (
            "{slack_groups: [ml-leads]}",
            "{slack_groups: []}",
            (
                "p.yml:6:10: nobody has this role. "
                "Give slack_users, slack_groups, emails or databricks_groups"
            ),
        ),
        (
            "may:\n",
            "may: everything\nx:\n",
            (
                "p.yml:8:6: `may` has to be a mapping, not `everything`. "
                "Write `name: value` lines below it"
            ),
        ),
    ],
)
def test_wrong_form_is_told_in_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in findings(tmp_path, changed(old, new))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "null\n"])
def test_empty_file_is_told(tmp_path: Path, text: str) -> None:
    (said,) = findings(tmp_path, text)
    assert said == (
        "p.yml:1:1: `the file` has to be a mapping, not nothing. Write `name: value` lines below it"
    )


def test_all_findings_of_a_file_are_told_from_top_to_bottom(tmp_path: Path) -> None:
    text = changed("direction: higher", "direction: up").replace("expires: 48h", "expires: 2")
    text = text.replace("type: tests", "type: test")
    assert [said.split(":")[1] for said in findings(tmp_path, text)] == ["3", "20", "25"]


def test_share_may_be_written_per_cent(tmp_path: Path) -> None:
    assert findings(tmp_path, changed("max_drop: 0.02", "max_drop_relative: 2.5 %")) == []


def test_nothing_worse_may_be_allowed(tmp_path: Path) -> None:
    assert findings(tmp_path, changed("max_drop: 0.02", "max_drop: 0")) == []
