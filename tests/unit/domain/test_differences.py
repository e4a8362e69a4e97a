import json

import pytest

from bot.domain.canonical import canonical_json
from bot.domain.differences import MOST, SHOWN, differences, in_a_row
from tests.builders import make_endpoint_change, make_metric, make_policy, make_route
from tests.unit.domain.contents import CHANGE, MOVES, STILL, Move, plan, policies, version

LINES = {
    "alias before": ("champion is v8 now, not v6",),
    "alias after": ("archived is to be v4, not v6",),
    "alias leaves": ("alias challenger leaves the plan",),
    "endpoint before": ("endpoint fraud-scorer serves v5 100 % now, not v6 100 %",),
    "endpoint after": ("endpoint fraud-scorer is to serve v7 100 % under another name",),
    "endpoint leaves": ("endpoint fraud-scorer leaves the plan",),
    "endpoint joins": ("endpoint another joins the plan",),
    "no champion": ("current version: none now",),
    "other champion": ("current version is v8 now, not v6",),
    "champion's tests": ("current version v6: test unit: passed → none",),
    "description": ("candidate v7: description changed",),
    "tag": ("candidate v7: tag team: fraud → rules",),
    "more tags": ("candidate v7: tag reviewer: none → ada",),
    "no tags": ("candidate v7: tag team: fraud → none",),
    "model parameter": ("candidate v7: parameter trees: 10 → 11",),
    "inputs": ("candidate v7: contents inputs: [] → [1]",),
    "model metric": ("candidate v7: metric auc: 0.907 → 0.5",),
    "metric's dataset": (
        "candidate v7: metric auc: 0.907 → none",
        "candidate v7: metric auc on 9f2c: none → 0.907",
    ),
    "dataset": ("candidate v7: dataset eval: 9f2c → 0000",),
    "dataset's use": (
        "candidate v7: dataset eval: 9f2c → none",
        "candidate v7: dataset eval (training): none → 9f2c",
    ),
    "test outcome": ("candidate v7: test unit: passed → failed",),
    "test time": ("candidate v7: tests changed",),
    "unreadable": ("candidate v7: unreadable changed",),
    "outcome": ("check champion/recall: passed → inconclusive",),
    "outcome leaves": ("check champion/recall: passed → none",),
    "policy": ("policy champion changed",),
    "exemption of the model": ("policy champion changed: exemptions",),
    "policy leaves": ("policy base no longer applies",),
    "policy joins": ("policy extra applies now",),
}


@pytest.mark.parametrize("part", LINES)
def test_line_says_what_moved(part: str) -> None:
    assert CHANGE.moved_to(MOVES[part](CHANGE)) == LINES[part]


@pytest.mark.parametrize("part", MOVES)
def test_whatever_moves_the_hash_is_told(part: str) -> None:
    assert CHANGE.moved_to(MOVES[part](CHANGE))
    assert MOVES[part](CHANGE).moved_to(CHANGE)


@pytest.mark.parametrize("part", STILL)
def test_what_does_not_move_the_hash_is_not_told(part: str) -> None:
    assert CHANGE.moved_to(STILL[part](CHANGE)) == ()


@pytest.mark.parametrize("part", MOVES)
def test_stored_content_compares_like_fresh_content(part: str) -> None:
    stored = json.loads(canonical_json(CHANGE.content()))
    now = MOVES[part](CHANGE)
    assert differences(stored, now.content()) == CHANGE.moved_to(now)


def test_alias_that_was_not_planned_for_before_is_told() -> None:
    assert MOVES["alias leaves"](CHANGE).moved_to(CHANGE) == ("alias challenger joins the plan",)


def test_every_version_on_an_endpoint_is_told() -> None:
    both = (make_route(6, 90), make_route(5, 10))
    (line,) = CHANGE.moved_to(plan(endpoints=(make_endpoint_change(before=both),))(CHANGE))
    assert line == "endpoint fraud-scorer serves v6 90 %, v5 10 % now, not v6 100 %"


def test_first_champion_is_told() -> None:
    assert MOVES["no champion"](CHANGE).moved_to(CHANGE) == ("current version: none before",)


def test_absence_of_a_champion_before_and_after_is_not_told() -> None:
    first = MOVES["no champion"](CHANGE)
    assert first.moved_to(MOVES["policy"](first)) == ("policy champion changed",)


def test_alias_that_names_nothing_any_more_is_told() -> None:
    content = json.loads(canonical_json(CHANGE.content()))
    content["plan"]["aliases"][1]["before"] = None
    assert differences(CHANGE.content(), content) == ("champion is none now, not v6",)


def test_endpoint_that_serves_nothing_of_it_any_more_is_told() -> None:
    content = json.loads(canonical_json(CHANGE.content()))
    content["plan"]["endpoints"][0]["before"] = []
    assert differences(CHANGE.content(), content) == (
        "endpoint fraud-scorer serves nothing now, not v6 100 %",
    )


def test_long_values_are_cut() -> None:
    (line,) = CHANGE.moved_to(version(tags={"team": "x" * SHOWN})(CHANGE))
    assert line == f"candidate v7: tag team: fraud → {'x' * SHOWN}"
    (line,) = CHANGE.moved_to(version(tags={"team": "x" * 200})(CHANGE))
    assert line == f"candidate v7: tag team: fraud → {'x' * (SHOWN - 1)}…"


def with_policy(content: str) -> Move:
    return policies(make_policy(content=content), make_policy("base"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('{"expires":"24h"}', '{"expires":"48h"}', "policy champion changed: expires"),
        (
            '{"rules":{"auc":1,"recall":1}}',
            '{"approvals":[],"rules":{"auc":2}}',
            "policy champion changed: approvals, rule auc, rule recall",
        ),
        ("{}", "[]", "policy champion changed"),
        ("name: a", "name: b", "policy champion changed"),
    ],
)
def test_parts_of_a_policy_that_moved_are_named(old: str, new: str, said: str) -> None:
    before = with_policy(old)(CHANGE)
    assert before.moved_to(with_policy(new)(CHANGE)) == (said,)


def test_several_values_of_one_metric_are_told_together() -> None:
    two = (make_metric(value=0.5), make_metric(value=0.7))
    (line,) = CHANGE.moved_to(version(metrics=two)(CHANGE))
    assert line == "candidate v7: metric auc: 0.907 → 0.5, 0.7"


def test_a_sentence_has_room_for_a_few_lines() -> None:
    lines = [f"tag {number}" for number in range(MOST + 2)]
    assert in_a_row(lines) == "; ".join([*lines[:MOST], "and 2 more"])
    assert in_a_row(lines[:MOST]) == "; ".join(lines[:MOST])
    assert in_a_row(()) == ""
