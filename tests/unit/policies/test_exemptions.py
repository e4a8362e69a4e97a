"""Exemptions in policy files are checked, belong to their policy, and are told when over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.exemptions import Exemption
from bot.domain.names import SlackUserId
from policies.loader import lint, load_policies
from tests.unit.policies.files import WHOLE, findings, without, written

ENTRY = (
    "{policy: baseline, rules: [tests, latency], models: [prod.fraud.*], reason: INC-4411, "
    "requested_by: U0DEV, approved_by: [U0RISK, U0LEAD], expires: 2026-12-01T01:00:00+01:00}"
)
END = datetime(2026, 12, 1, tzinfo=UTC)

NO_MOMENT = (
    "is no moment with a time zone. Write it like 2026-12-01T09:00:00Z or 2026-12-01T09:00:00+01:00"
)


def exempting(old: str = "", new: str = "") -> str:
    assert old in ENTRY
    return f"{WHOLE}exemptions:\n  - {ENTRY.replace(old, new) if old else ENTRY}\n"


def test_exemption_belongs_to_its_policy(tmp_path: Path) -> None:
    (policy,) = load_policies([written(tmp_path, exempting())]).policies
    assert policy.exemptions == (
        Exemption(
            policy="baseline",
            rules=frozenset({"tests", "latency"}),
            models=("prod.fraud.*",),
            reason="INC-4411",
            requested_by=SlackUserId("U0DEV"),
            approved_by=(SlackUserId("U0LEAD"), SlackUserId("U0RISK")),
            expires_at=END,
        ),
    )


def test_exemption_of_another_file_s_policy_holds_for_it_alone(tmp_path: Path) -> None:
    other = "apiVersion: herald/v1\npolicies:\n  - name: other\n    first_release: deny\n"
    other += "    match: {models: [x], aliases: [champion]}\n"
    entry = f"apiVersion: herald/v1\nexemptions:\n  - {ENTRY}\n"
    texts = {"a.yml": entry, "b.yml": WHOLE, "c.yml": other}
    files = [written(tmp_path, text, name) for name, text in texts.items()]
    policies = load_policies(files).policies
    assert {p.name: len(p.exemptions) for p in policies} == {"baseline": 1, "other": 0}


def test_exemption_does_not_move_the_policy_s_content(tmp_path: Path) -> None:
    texts = (WHOLE, exempting())
    contents = [load_policies([written(tmp_path, t)]).policies[0].content for t in texts]
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "policy: baseline",
            "policy: baselin",
            "p.yml:27:14: unknown policy `baselin`. Did you mean `baseline`?",
        ),
        (
            "latency]",
            "latenci]",
            "p.yml:27:39: policy `baseline` has no rule `latenci`. Did you mean `latency`?",
        ),
        (
            "[U0RISK, U0LEAD]",
            "[U0RISK, U0DEV]",
            (
                "p.yml:27:5: `U0DEV` asked for this exemption and cannot approve it. "
                "Name somebody else in approved_by"
            ),
        ),
        ("[U0RISK, U0LEAD]", "[]", "`approved_by` is empty. Name at least one"),
        ("reason: INC-4411,", 'reason: "",', "`reason` is empty. Write at least 1 character"),
        ("reason: INC-4411, ", "", "p.yml:27:5: `reason` is missing. Add `reason`"),
        ("T01:00:00+01:00", "", f"`2026-12-01` {NO_MOMENT}"),
        ("2026-12-01T01:00:00+01:00", "tomorrow", f"`tomorrow` {NO_MOMENT}"),
        ("2026-12-01T01:00:00+01:00", "7", f"`7` {NO_MOMENT}"),
        ("expires:", "expire:", "unknown key `expire`. Did you mean `expires`?"),
    ],
)
def test_wrong_exemption_is_told_in_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = findings(tmp_path, exempting(old, new))
    assert any(line.endswith(said) for line in found), found


def test_exemption_that_is_over_is_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, exempting())
    (found,) = lint([path], END)
    assert without(tmp_path, found) == (
        "p.yml:27:152: warning: this exemption is over. Remove it, or renew it"
    )
    assert found.is_warning


def by_users(text: str) -> str:
    """Return policies all of whose roles are Slack users."""
    leads = text.replace("{slack_groups: [ml-leads]}", "{slack_users: [U0LEAD, U0LEA]}")
    return leads.replace(
        "{slack_users: [U0DEV], emails: [Ada@Example.com]}", "{slack_users: [U0DEV]}"
    )


def test_exemption_approved_by_somebody_without_a_role_is_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, by_users(exempting()))
    (found,) = lint([path], END - timedelta(days=1))
    assert without(tmp_path, found) == (
        "p.yml:27:126: warning: `U0RISK` approved this exemption and has no role. "
        "Name somebody who has one, or give them one"
    )


def test_warnings_come_from_top_to_bottom(tmp_path: Path) -> None:
    files = [written(tmp_path, by_users(exempting()))]
    files.append(written(tmp_path, "apiVersion: herald/v1\n", "q.yml"))
    assert [f.problem.split()[0] for f in lint(files, END)] == ["`U0RISK`", "this"]


@pytest.mark.parametrize(
    "role",
    ["{slack_groups: [risk]}", "{emails: [risk@x.example]}", "{databricks_groups: [risk]}"],
)
def test_where_a_role_has_a_group_or_an_address_nobody_is_doubted(
    tmp_path: Path, role: str
) -> None:
    text = by_users(exempting()).replace("roles:\n", f"roles:\n  risk: {role}\n", 1)
    assert lint([written(tmp_path, text)], END - timedelta(days=1)) == ()


def test_without_roles_nobody_is_doubted(tmp_path: Path) -> None:
    text = "apiVersion: herald/v1\npolicies:\n  - name: baseline\n    first_release: deny\n"
    text += "    match: {models: [x], aliases: [champion]}\n"
    text += "    rules: [{id: tests, type: tests, required: [unit]}]\nexemptions:\n"
    text += f"  - {ENTRY.replace(', latency', '')}\n"
    assert lint([written(tmp_path, text)], END - timedelta(days=1)) == ()


@pytest.mark.parametrize("now", [None, datetime(2026, 11, 30, 23, 59, tzinfo=UTC)])
def test_exemption_that_holds_is_no_warning(tmp_path: Path, now: datetime | None) -> None:
    assert lint([written(tmp_path, exempting())], now) == ()
