"""From what to what: values, lists, files and settings of policies."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import SCHEMA
from bot.domain.differences import differences
from bot.domain.evidence import Signature, TestResult, Unreadable
from bot.domain.moves import LEAD, SHOWN, WIDE, move, said, set_move
from bot.domain.policy_moves import SETTINGS
from bot.domain.registry import Dataset
from tests.builders import LEAD as LEAD_USER
from tests.builders import NOW, REQUESTER, make_metric, make_policy
from tests.unit.domain.contents import (
    CHANGE,
    LIFTED,
    Change,
    Move,
    candidate,
    contents,
    policies,
    run,
    version,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        ("", "empty"),
        ([], "empty"),
        ({}, "empty"),
        ("two\nlines", "two↵lines"),
        (["a", 1], "a, 1"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (0.5, "0.5"),
        ({"b": 1}, '{"b":1}'),
    ],
)
def test_a_value_is_one_line(value: object, words: str) -> None:
    assert said(value) == words


def test_long_values_are_shown_around_what_differs() -> None:
    same = "x" * 500
    assert move(f"{same}1", f"{same}2") == f"…{'x' * LEAD}1 → …{'x' * LEAD}2"


def test_a_long_value_that_differs_at_once_is_shown_from_its_begin() -> None:
    assert move("a", "b" * 61) == f"a → {'b' * (SHOWN - 1)}…"
    assert move("a" * 60, f"{'a' * 59}b") == f"{'a' * 60} → {'a' * 59}b"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (["a"], ["a", "b"], "b added"),
        (["a", "b"], ["b"], "a removed"),
        (None, ["a"], "a added"),
        (["a", "b"], ["a", "c"], "b → c"),
        (["a"], ["b", "c"], "a → b, c"),
        (["a", "b"], ["b", "a"], "a, b → b, a"),
        ([], list("abc"), "a, b, c added"),
        ([], list("abcd"), "a, b, c and 1 more added"),
        ([], list("abcde"), "a, b, c and 2 more added"),
        (["a", "b"], ["c", "d"], "a, b → c, d"),
        (["x" * 500 + "1"], ["x" * 500 + "2"], f"…{'x' * LEAD}1 → …{'x' * LEAD}2"),
        ([], ["x" * 161], f"{'x' * (WIDE - 1)}… added"),
        ([], ["x" * 61, "y"], f"{'x' * (SHOWN - 1)}…, y added"),
    ],
)
def test_a_list_tells_what_left_and_what_joined(
    old: list[str] | None, new: list[str], words: str
) -> None:
    assert set_move(old, new) == words


def told(*moves: Move) -> list[str]:
    before, after = (move(CHANGE) for move in moves)
    return list(before.moved_to(after))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"a.yaml": None}, {"a.yaml": "x: 1\n"}, "a.yaml: not there → 5 characters"),
        ({"a.yaml": "x: 1"}, {"a.yaml": None}, "a.yaml: 4 characters → not there"),
        ({}, {"a.yaml": None}, "a.yaml: not looked at → not there"),
        ({"a.yaml": "x: 1"}, {}, "a.yaml: 4 characters → not looked at"),
        ({"a.yaml": "x: 1\ny: 1"}, {"a.yaml": "x: 1\ny: 2"}, "a.yaml: line 2: y: 1 → y: 2"),
        ({"a.md": "1\n2\n3"}, {"a.md": "1\n3"}, "a.md: line 2: 2 → 3 and 1 more line"),
        ({"a.txt": "1"}, {"a.txt": "1\n2"}, "a.txt: line 2: none → 2"),
        ({"a.yml": "1\n"}, {"a.yml": "1"}, "a.yml: 2 characters → 1 character, blanks only"),
        ({"t.json": "[11]"}, {"t.json": "[1]"}, "t.json: 4 characters → 3 characters"),
        ({"t.json": "[1]"}, {"t.json": "[2]"}, "t.json: 3 characters → 3 characters, others"),
    ],
)
def test_a_file_tells_how_it_moved(
    old: dict[str, str | None], new: dict[str, str | None], words: str
) -> None:
    lines = told(candidate(files=old), candidate(files=new))
    assert lines == [f"candidate v7: file {words}"]


def test_each_of_several_files_is_named() -> None:
    lines = told(candidate(files={"a": "1", "b": "1", "c": "1"}), candidate(files={"b": "1"}))
    assert [line.split()[3] for line in lines] == ["a:", "c:"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"explain/": True}, {"explain/": False}, "explain/: there → not there"),
        ({}, {"explain/": True}, "explain/: not looked at → there"),
    ],
)
def test_an_artifact_is_there_or_not(
    old: dict[str, bool], new: dict[str, bool], words: str
) -> None:
    lines = told(candidate(artifacts=old), candidate(artifacts=new))
    assert lines == [f"candidate v7: artifact {words}"]


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        (Signature(key_id="ci"), "none → good, by key ci"),
        (Signature(key_id="ci", problem="does not fit"), "none → does not fit"),
    ],
)
def test_a_signature_is_told(signature: Signature, words: str) -> None:
    lines = told(candidate(), candidate(tests_signature=signature))
    assert lines == [f"candidate v7: signature of the tests: {words}"]


def test_another_signature_is_told_with_the_one_before() -> None:
    one, other = Signature(key_id="ci"), Signature(key_id="ops")
    (line,) = told(candidate(tests_signature=one), candidate(tests_signature=other))
    assert line == "candidate v7: signature of the tests: good, by key ci → good, by key ops"


def test_tables_are_told_one_by_one() -> None:
    (line,) = told(candidate(tables=("a.b.c", "a.b.d")), candidate(tables=("a.b.c", "a.b.e")))
    assert line == "candidate v7: tables: a.b.d → a.b.e"
    (line,) = told(candidate(tables=("a.b.c",)), candidate(tables=("a.b.c", "a.b.e")))
    assert line == "candidate v7: tables: a.b.e added"


def test_what_can_be_read_again_is_told() -> None:
    lost = candidate(unreadable=(Unreadable(part="tests", reason="no answer"),))
    assert told(lost, candidate()) == ["candidate v7: tests can be read again"]


def test_requirements_are_told_one_by_one() -> None:
    lines = told(contents(requirements=("numpy", "scipy")), contents(requirements=("numpy", "x")))
    assert lines == ["candidate v7: contents requirements: scipy → x"]
    (line,) = told(contents(requirements=("numpy",)), contents(requirements=("numpy", "scipy")))
    assert line == "candidate v7: contents requirements: scipy added"


def test_the_same_data_from_elsewhere_is_told() -> None:
    data = Dataset(name="eval", digest="9f2c", source="s3://a")
    lines = told(run(datasets=(data,)), run(datasets=(replace(data, source="s3://b"),)))
    assert lines == ["candidate v7: dataset eval source: s3://a → s3://b"]


def test_the_same_value_on_other_data_of_that_name_is_told() -> None:
    metric = make_metric(value=0.9, dataset_name="eval", dataset_digest="9f2c")
    other = replace(metric, dataset_digest="0000")
    lines = told(version(metrics=(metric,)), version(metrics=(other,)))
    assert lines == ["candidate v7: metric auc on eval: 9f2c → 0000"]


def test_two_results_of_one_test_in_another_order_are_told_whole() -> None:
    one, two = (TestResult(name="unit", outcome=word, finished_at=NOW) for word in ("a", "a"))
    (line,) = told(candidate(tests=(one,)), candidate(tests=(one, two)))
    assert line.startswith("candidate v7: tests: ")


def with_policy(content: object, *, exemptions: bool = False) -> Move:
    text = content if isinstance(content, str) else canonical_json(content)
    lifted = (LIFTED,) if exemptions else ()
    return policies(make_policy(content=text, exemptions=lifted), make_policy("base"))


AUC = {"type": "metric", "check": {"id": "auc", "minimum": 0.9, "metric": {"aliases": []}}}
HIGHER = {"type": "metric", "check": {"id": "auc", "minimum": 0.92, "metric": {"aliases": []}}}
ALIASED = {"type": "metric", "check": {"id": "auc", "minimum": 0.9, "metric": {"aliases": ["a"]}}}
ONE = canonical_json({"role": "lead", "count": 1, "unless_asked_by": [], "when": None})
TWO = canonical_json({"role": "lead", "count": 2, "unless_asked_by": ["ops"], "when": {"t": 1}})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            {"name": "a", "expires": 86400.0},
            {"name": "a", "expires": 5400},
            "expires: 1 d → 90 min",
        ),
        ({"expires": 30.5}, {"expires": 7200}, "expires: 30.5 s → 2 h"),
        ({"a": 1, "b": 1}, {"a": 1, "b": 2}, "b: 1 → 2"),
        ({"terms": {"a": 1}}, {"terms": 5}, 'terms: {"a":1} → 5'),
        ({"terms": 5}, {"terms": {"a": 1}}, 'terms: 5 → {"a":1}'),
        ({"terms": {"max_age": None}}, {"terms": {"max_age": 3600.0}}, "terms max_age: none → 1 h"),
        ({"rules": {"auc": AUC}}, {"rules": {"auc": HIGHER}}, "rule auc minimum: 0.9 → 0.92"),
        (
            {"rules": {"auc": AUC}},
            {"rules": {"auc": ALIASED}},
            "rule auc metric aliases: a added",
        ),
        ({"rules": {"auc": AUC}}, {"rules": {}}, "rule auc removed"),
        ({"rules": {}}, {"rules": {"auc": AUC}}, "rule auc added"),
        (
            {"approvals": [ONE]},
            {"approvals": [TWO]},
            'approvals: 1 of lead → 2 of lead unless asked by ops when {"t":1}',
        ),
        ({"approvals": [ONE]}, {"approvals": []}, "approvals: 1 of lead removed"),
        ({"approvals": ["?"]}, {"approvals": [3]}, "approvals: ? → 3"),
        ({"approvals": ["[]"]}, {"approvals": ["{}"]}, "approvals: [] → {}"),
        ({"rules": ["auc"]}, {"rules": ["recall"]}, "rules: auc → recall"),
        ({"models": ["a.*"]}, {"models": ["b.*"]}, "models: a.* → b.*"),
        ({"models": ["a.*"]}, {"models": "a.*"}, "models: a.* → a.*"),
        ({"four_eyes": True}, {"four_eyes": False}, "four_eyes: yes → no"),
        (
            {str(number): 1 for number in range(SETTINGS)},
            {},
            "0: 1 → none, 1: 1 → none, 2: 1 → none, 3: 1 → none",
        ),
        (
            {str(number): 1 for number in range(SETTINGS + 1)},
            {},
            "0: 1 → none, 1: 1 → none, 2: 1 → none, 3: 1 → none, and 1 more",
        ),
        (
            {str(number): 1 for number in range(SETTINGS + 2)},
            {},
            "0: 1 → none, 1: 1 → none, 2: 1 → none, 3: 1 → none, and 2 more",
        ),
        ("name: a", "name: b", ""),
        ({}, [], ""),
    ],
)
def test_a_policy_tells_each_setting_that_moved(old: object, new: object, words: str) -> None:
    assert told(with_policy(old), with_policy(new)) == [
        f"policy champion changed{f': {words}' if words else ''}"
    ]


@pytest.mark.usefixtures("machine_in_berlin")
def test_an_exemption_is_told_with_reason_and_people() -> None:
    (line,) = told(with_policy({}), with_policy({}, exemptions=True))
    assert line == (
        f"policy champion changed: exemptions: soak until {NOW:%Y-%m-%d %H:%M} UTC (INC-1), "
        f"asked for by {REQUESTER}, approved by {LEAD_USER}, for prod.fraud.* added"
    )
    (back,) = told(with_policy({}, exemptions=True), with_policy({}))
    assert back.endswith(" removed")


def test_other_people_of_an_exemption_are_told() -> None:
    other = replace(LIFTED, requested_by=LEAD_USER, approved_by=(REQUESTER,))
    old = policies(make_policy(content="{}", exemptions=(LIFTED,)))
    new = policies(make_policy(content="{}", exemptions=(other,)))
    (line,) = told(old, new)
    assert f"asked for by {REQUESTER}" in line
    assert f"asked for by {LEAD_USER}" in line


def older(record: dict[str, object]) -> dict[str, object]:
    """Return what an earlier Herald wrote down of a version."""
    later = {"run tags", "files", "artifacts", "tables", "signature of the tests"}
    return {part: told for part, told in record.items() if part not in later}


def test_the_record_of_an_earlier_herald_is_compared_as_far_as_it_goes() -> None:
    content = plain(candidate(files={"a.yaml": None}, artifacts={"b/": True})(CHANGE))
    before = {**content, "schema": 2, "candidate": older(content["candidate"])}
    before |= {"current": older(content["current"])}
    assert differences(before, content) == (
        "candidate v7: artifact b/: not looked at → there",
        "candidate v7: file a.yaml: not looked at → not there",
        f"Herald writes evidence down in form {SCHEMA} now, not 2",
    )
    assert differences(content, before)[:2] == (
        "candidate v7: artifact b/: there → not looked at",
        "candidate v7: file a.yaml: not there → not looked at",
    )


def plain(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical_json(change.content()))
    return found
