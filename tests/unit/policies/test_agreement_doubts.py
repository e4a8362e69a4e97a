"""Warnings of what holds and can hardly be meant."""

from pathlib import Path

import pytest

from policies.loader import lint, load_policies
from tests.builders import NOW
from tests.unit.policies.files import without, written

HEAD = """\
apiVersion: herald/v1
roles:
  two: {slack_users: [U0A, U0A], emails: [b@example.com]}
  third: {slack_users: [U0C]}
  chat: {slack_groups: [ml-leads]}
  platform: {databricks_groups: [ML Leads]}
policies:
"""
MATCH = "{models: [prod.*], aliases: [champion]}"


def policy(rest: str, name: str = "one", match: str = MATCH) -> str:
    return f"- {{name: {name}, first_release: deny, match: {match}, {rest}}}\n"


def warnings(folder: Path, *policies: str) -> list[str]:
    path = written(folder, HEAD + "".join(policies))
    assert lint([path]) == ()
    found = lint([path], NOW)
    assert all(each.is_warning for each in found)
    assert len(load_policies([path]).policies) == len(policies)
    return [without(folder, each).partition("warning: ")[2] for each in found]


def test_a_role_that_is_asked_twice_is_told(tmp_path: Path) -> None:
    twice = policy("approvals: [{role: chat}, {role: two}, {role: chat, count: 2}]")
    assert warnings(tmp_path, twice) == [
        (
            "role `chat` is asked twice: the higher count holds, not the sum. "
            "Write it once, with the count that is meant"
        )
    ]


def test_a_role_that_is_asked_for_more_under_a_condition_is_fine(tmp_path: Path) -> None:
    more = "{role: chat, count: 2, when: {tags: {risk: high}}}"
    assert warnings(tmp_path, policy(f"approvals: [{{role: chat}}, {more}, {more}]")) == []
    assert warnings(tmp_path, policy(f"approvals: [{more}, {{role: chat}}]")) == []


def test_a_count_that_no_role_can_reach_is_told(tmp_path: Path) -> None:
    assert warnings(tmp_path, policy("approvals: [{role: two, count: 3}]")) == [
        (
            "role `two` has at most 2 of 3 who have to agree. "
            "Lower the count, or give the role more people"
        )
    ]


@pytest.mark.parametrize(
    ("role", "count"), [("two", 2), ("chat", 9), ("platform", 9), ("members", 9)]
)
def test_a_count_that_may_be_reached_is_fine(tmp_path: Path, role: str, count: int) -> None:
    assert warnings(tmp_path, policy(f"approvals: [{{role: {role}, count: {count}}}]")) == []


def test_rejections_that_nobody_can_reach_are_told(tmp_path: Path) -> None:
    asking = "approvals: [{role: two}], rejections: 3"
    assert warnings(tmp_path, policy(asking)) == [
        (
            "nobody can ever reject: who is asked is at most 2 of 3 people. "
            "Lower the number, or give the roles more people"
        )
    ]


@pytest.mark.parametrize(
    "asking",
    [
        "approvals: [{role: two}], rejections: 2",
        "approvals: [{role: two}, {role: third}], rejections: 3",
        "approvals: [{role: two}, {role: chat}], rejections: 3",
        "approvals: [{role: members}], rejections: 3",
        "rejections: 3",
    ],
)
def test_rejections_that_may_be_reached_are_fine(tmp_path: Path, asking: str) -> None:
    assert warnings(tmp_path, policy(asking)) == []


def test_people_whom_another_policy_asks_can_reject_too(tmp_path: Path) -> None:
    other = policy("approvals: [{role: chat}]", name="other")
    assert warnings(tmp_path, policy("approvals: [{role: two}], rejections: 3"), other) == []


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("remind: 2h, expires: 2h", "nobody is ever reminded: the request is over by then."),
        ("remind: 3h, expires: 2h", "nobody is ever reminded: the request is over by then."),
        ("expires: 4h", "(`remind` is 4:00:00 where it is not given)."),
    ],
)
def test_a_reminder_that_comes_too_late_is_told(tmp_path: Path, terms: str, said: str) -> None:
    (found,) = warnings(tmp_path, policy(terms))
    assert said in found
    assert found.endswith("Let `remind` come before `expires`")


@pytest.mark.parametrize(
    ("rest", "value"),
    [
        ("remind: 3h, expires: 2h", "3h"),
        ("expires: 4h", "4h"),
        ("approvals: [{role: chat}, {role: two}, {count: 2, role: chat}]", "chat}]"),
        ("approvals: [{role: chat}, {count: 3, role: two}]", "two"),
        ("escalate: {role: chat, after: 6h}", "6h"),
    ],
)
def test_a_warning_says_where(tmp_path: Path, rest: str, value: str) -> None:
    given, other = policy(rest), policy("expires: 5h", "other")
    (found,) = lint([written(tmp_path, HEAD + given + other)], NOW)
    assert found.place == (8, given.index(value) + 1)


ESCALATES = policy("escalate: {after: 6h, role: chat}")


@pytest.mark.parametrize("hours", [5, 6])
def test_an_escalation_after_the_end_by_another_policy_is_told(tmp_path: Path, hours: int) -> None:
    other = policy(f"expires: {hours}h", "other", "{models: [prod.fraud.*], aliases: [champion]}")
    assert warnings(tmp_path, ESCALATES, other) == [
        (
            "where policy `other` has a say too, the request is over by then. "
            "Let `escalate` come before the `expires` of both"
        )
    ]


@pytest.mark.parametrize(
    ("rest", "match"),
    [
        ("expires: 7h", MATCH),
        ("expires: 5h", "{models: [dev.*], aliases: [champion]}"),
        ("expires: 5h", "{models: [prod.*], aliases: [challenger]}"),
        ("expires: 5h, changes: [rollback]", MATCH),
    ],
)
def test_an_escalation_is_fine_beside_a_policy_that_leaves_time_or_never_meets_it(
    tmp_path: Path, rest: str, match: str
) -> None:
    assert warnings(tmp_path, ESCALATES, policy(rest, "other", match)) == []


@pytest.mark.parametrize(("there", "count"), [("[prod]", 1), ("[test]", 0), ("[]", 1)])
def test_policies_meet_where_they_share_an_environment(
    tmp_path: Path, there: str, count: int
) -> None:
    here = "{models: [prod.*], aliases: [champion], environments: [prod]}"
    path = written(
        tmp_path,
        HEAD
        + policy("escalate: {after: 6h, role: chat}", "one", here)
        + policy("expires: 5h", "other", here.replace("[prod]", there)),
    )
    assert len(lint([path], NOW)) == count


@pytest.mark.parametrize("models", ["[prod.*]", "[prod.fraud.scorer]", "[a, '*']"])
def test_policies_meet_whichever_glob_is_wider(tmp_path: Path, models: str) -> None:
    match = f"{{models: {models}, aliases: [champion]}}"
    assert len(warnings(tmp_path, ESCALATES, policy("expires: 5h", "other", match))) == 1


def test_nobody_escalates_to_every_full_member(tmp_path: Path) -> None:
    (found,) = lint([written(tmp_path, HEAD + policy("escalate: {after: 6h, role: members}"))])
    assert not found.is_warning
    assert found.problem == "`members` is every full member of the workspace: too many to be told"
    assert found.remedy == "Name a role that knows what to do"


def test_the_shipped_policies_leave_no_doubt() -> None:
    root = Path(__file__).parents[3]
    for name in ("docs/policies.example.yml", "policies/sandbox.yml"):
        found = [str(each) for each in lint([root / name], NOW)]
        assert [said for said in found if "exemption" not in said] == []
