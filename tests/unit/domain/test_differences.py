import json
from dataclasses import replace

import pytest

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import SCHEMA
from bot.domain.differences import MOST, differences, in_a_row
from bot.domain.moves import SHOWN
from bot.domain.policy import OutcomeKind
from tests.builders import (
    LEAD,
    REQUESTER,
    make_endpoint_change,
    make_metric,
    make_outcome,
    make_route,
)
from tests.unit.domain.contents import (
    CHANGE,
    MOVES,
    STILL,
    Change,
    candidate,
    current,
    outcomes,
    plan,
    version,
)

EXEMPTED = (
    "policy champion changed: exemptions: soak until 2026-03-02 09:30 UTC (INC-1), asked for by "
    f"{REQUESTER}, approved by {LEAD}, for prod.fraud.* added"
)
LINES = {
    "alias before": ("champion is v8 now, not v6",),
    "alias after": ("archived is to be v4, not v6",),
    "alias leaves": ("alias challenger leaves the plan: v7 → none",),
    "endpoint before": ("endpoint fraud-scorer serves v5 100 % now, not v6 100 %",),
    "endpoint after": (
        "endpoint fraud-scorer is to serve v7 100 % as prod-scorer-7, not v7 100 % as scorer-7",
    ),
    "endpoint leaves": ("endpoint fraud-scorer leaves the plan: v6 100 % → v7 100 %",),
    "endpoint joins": ("endpoint another joins the plan: v6 100 % → v7 100 %",),
    "no champion": ("current version: v6 → none",),
    "other champion": ("current version is v8 now, not v6",),
    "champion's tests": ("current version v6: test unit: passed → none",),
    "description": ("candidate v7: description: Better recall on small merchants → another",),
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
    "test time": (
        "candidate v7: test unit finished: 2026-03-02T09:30:00+00:00 → 2027-03-02T09:30:00+00:00",
    ),
    "unreadable": ("candidate v7: tests could not be read",),
    "outcome": ("check champion/recall: passed → inconclusive",),
    "outcome leaves": ("check champion/recall: passed → none",),
    "policy": ("policy champion changed",),
    "exemption of the model": (EXEMPTED,),
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
    assert MOVES["alias leaves"](CHANGE).moved_to(CHANGE) == (
        "alias challenger joins the plan: v7 → none",
    )


def test_every_version_on_an_endpoint_is_told() -> None:
    both = (make_route(6, 90), make_route(5, 10))
    (line,) = CHANGE.moved_to(plan(endpoints=(make_endpoint_change(before=both),))(CHANGE))
    assert line == "endpoint fraud-scorer serves v6 90 %, v5 10 % now, not v6 100 %"


def test_first_champion_is_told() -> None:
    assert MOVES["no champion"](CHANGE).moved_to(CHANGE) == ("current version: none → v6",)


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


def test_several_values_of_one_metric_are_told_together() -> None:
    two = (make_metric(value=0.5), make_metric(value=0.7))
    (line,) = CHANGE.moved_to(version(metrics=two)(CHANGE))
    assert line == "candidate v7: metric auc: 0.907 → 0.5, 0.7"


def test_a_sentence_has_room_for_a_few_lines() -> None:
    lines = [f"tag {number}" for number in range(MOST + 2)]
    assert in_a_row(lines) == "; ".join([*lines[:MOST], "and 2 more"])
    assert in_a_row(lines[:-1]) == "; ".join([*lines[:MOST], "and 1 more"])
    assert in_a_row(lines[:MOST]) == "; ".join(lines[:MOST])
    assert in_a_row(()) == ""


def test_a_served_version_under_another_name_is_told() -> None:
    other = make_endpoint_change(before=(make_route(6, entity="old-6"),))
    (line,) = CHANGE.moved_to(plan(endpoints=(other,))(CHANGE))
    assert line == "endpoint fraud-scorer serves v6 100 % as old-6 now, not v6 100 % as scorer-6"


def test_several_versions_under_other_names_are_told_apart() -> None:
    old = (make_route(6, 90, entity="a"), make_route(5, 10, entity="b"))
    new = (make_route(6, 90, entity="a"), make_route(5, 10, entity="c"))
    before = plan(endpoints=(make_endpoint_change(before=old),))(CHANGE)
    (line,) = before.moved_to(plan(endpoints=(make_endpoint_change(before=new),))(CHANGE))
    assert line == (
        "endpoint fraud-scorer serves v6 90 % as a, v5 10 % as c now, "
        "not v6 90 % as a, v5 10 % as b"
    )


def test_an_alias_that_leaves_the_plan_tells_where_it_was_to_go() -> None:
    (line,) = CHANGE.moved_to(plan(aliases=CHANGE.plan.aliases[1:])(CHANGE))
    assert line == "alias archived leaves the plan: v5 → v6"


def test_another_form_of_the_record_is_told() -> None:
    older = {**CHANGE.content(), "schema": 2}
    (line,) = differences(older, CHANGE.content())
    assert line == f"Herald writes evidence down in form {SCHEMA} now, not 2"


CARD = "documentation/model_card.yaml"
GAPS = make_outcome(check="card", observed="0 of 6 fields", source=f"run 1a, {CARD}")
FULL = replace(GAPS, observed="3 of 6 fields")


def seen(old: Change, new: Change) -> tuple[str, ...]:
    return differences(old.content(), new.content(), old.outcomes, new.outcomes)


def test_a_file_that_moved_tells_what_its_rule_finds_in_it() -> None:
    old = outcomes(GAPS)(candidate(files={CARD: None})(CHANGE))
    new = outcomes(FULL)(candidate(files={CARD: "purpose: fraud"})(CHANGE))
    assert seen(old, new) == (
        f"candidate v7: file {CARD}: not there → 14 characters",
        "check champion/card: passed (0 of 6 fields) → passed (3 of 6 fields)",
    )


def test_a_table_of_the_current_version_tells_what_its_rule_finds_in_it() -> None:
    old = outcomes(GAPS)(current(files={CARD: "purpose: a"})(CHANGE))
    new = outcomes(FULL)(current(files={CARD: "purpose: b"})(CHANGE))
    assert "check champion/card: passed (0 of 6 fields) → passed (3 of 6 fields)" in seen(old, new)


def test_what_a_rule_finds_elsewhere_is_not_told() -> None:
    live = make_outcome(check="card", observed="120 ms", source="endpoints' metrics, last 1 h")
    old = outcomes(live)(candidate(files={CARD: "a"})(CHANGE))
    new = outcomes(replace(live, observed="130 ms"))(candidate(files={CARD: "b"})(CHANGE))
    assert seen(old, new) == (f"candidate v7: file {CARD}: line 1: a → b",)


def test_a_rule_that_read_a_file_before_or_reads_it_now_tells_what_it_finds() -> None:
    elsewhere = replace(FULL, source="run 1a")
    for was, is_now in ((GAPS, elsewhere), (elsewhere, GAPS)):
        old = outcomes(was)(candidate(files={CARD: "a"})(CHANGE))
        new = outcomes(is_now)(candidate(files={CARD: "b"})(CHANGE))
        assert any(line.startswith("check champion/card: ") for line in seen(old, new))


def test_what_a_rule_finds_in_a_file_that_stayed_is_not_told() -> None:
    old = outcomes(GAPS)(candidate(files={CARD: "a", "t.json": "1"})(CHANGE))
    new = outcomes(FULL)(candidate(files={CARD: "a", "t.json": "22"})(CHANGE))
    assert seen(old, new) == ("candidate v7: file t.json: 1 character → 2 characters",)


def test_a_rule_that_comes_out_otherwise_tells_what_it_found() -> None:
    failed = make_outcome(OutcomeKind.FAILED, check="card", observed="0.85")
    old, new = outcomes(replace(GAPS, observed="0.91"))(CHANGE), outcomes(failed)(CHANGE)
    assert seen(old, new) == ("check champion/card: passed (0.91) → failed (0.85)",)
    assert seen(outcomes()(CHANGE), old) == ("check champion/card: none → passed (0.91)",)
    assert seen(old, outcomes()(CHANGE)) == ("check champion/card: passed (0.91) → none",)
