"""The check ``model_card``."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Needs, VersionEvidence, file_part
from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS, CardField
from bot.domain.policy import OutcomeKind
from policies.document import MAX_DEPTH
from policies.model_card import CardError, ModelCardCheck, length, read_card
from tests.builders import make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import RULE, evidence, facts, unreadable

CARD = """\
purpose: Scores card payments
input_schema: {amount: double}
output_schema: [score]
training_data: payments of 2025
performance_metrics: {precision: 0.91}
limitations: None known yet
"""


def check(**fields: Any) -> ModelCardCheck:
    return ModelCardCheck(**RULE, **fields)


def having(card: str | None, path: str = MODEL_CARD_PATH) -> VersionEvidence:
    return evidence(files={path: card})


def test_card_that_says_everything_passes_and_tells_where_it_is() -> None:
    outcome = check().evaluate(facts(having(CARD)))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == f"the model card says {', '.join(REQUIRED_FIELDS)}"
    assert outcome.observed == "6 of 6 fields"
    assert outcome.expected == ", ".join(REQUIRED_FIELDS)
    assert outcome.source == "run run-7, documentation/model_card.yaml"


def test_it_needs_its_file() -> None:
    assert check(path="card.json").needs == Needs(files=frozenset({"card.json"}))


def test_fields_that_are_missing_blank_or_short_are_all_named_at_once() -> None:
    card = "purpose: score\ninput_schema: '  '\noutput_schema: the score of a payment"
    fields = (CardField.PURPOSE, CardField.INPUT_SCHEMA, CardField.OUTPUT_SCHEMA, CardField.AUTHORS)
    outcome = check(fields=fields, min_chars=10).evaluate(facts(having(card)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == (
        "the model card does not say input_schema, authors "
        "and is too short on purpose (5 of 10 characters)"
    )
    assert outcome.observed == "1 of 4 fields"
    assert outcome.expected == (
        "purpose, input_schema, output_schema, authors, each of 10 characters or more"
    )
    assert outcome.remedy == (
        "fill in purpose, input_schema, authors, and log the card "
        "as `documentation/model_card.yaml` of run run-7"
    )


def test_a_field_that_is_only_too_short_is_told_alone() -> None:
    outcome = check(fields=(CardField.PURPOSE,), min_chars=9).evaluate(facts(having(CARD[:17])))
    assert outcome.message == "the model card is too short on purpose (8 of 9 characters)"


def test_every_field_that_is_too_short_is_told_with_its_length() -> None:
    card = "purpose: a\ninput_schema: ab\noutput_schema: abc"
    fields = (CardField.PURPOSE, CardField.INPUT_SCHEMA, CardField.OUTPUT_SCHEMA)
    outcome = check(fields=fields, min_chars=3).evaluate(facts(having(card)))
    assert outcome.message == (
        "the model card is too short on "
        "purpose (1 of 3 characters), input_schema (2 of 3 characters)"
    )


def test_field_of_just_enough_characters_passes() -> None:
    outcome = check(fields=(CardField.PURPOSE,), min_chars=8).evaluate(facts(having(CARD[:17])))
    assert outcome.kind is OutcomeKind.PASSED


def test_length_is_asked_for_where_it_is_more_than_not_blank() -> None:
    assert check(fields=(CardField.PURPOSE,), min_chars=2).expected == (
        "purpose, each of 2 characters or more"
    )


def test_card_that_is_not_there_is_missing() -> None:
    outcome = check().evaluate(facts(having(None)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "the model card is not there"
    assert outcome.expected == ", ".join(REQUIRED_FIELDS)
    assert outcome.remedy == "log it as `documentation/model_card.yaml` of run run-7"


def test_version_without_a_run_is_missing_a_card() -> None:
    outcome = check().evaluate(facts(evidence(version=make_version(run_id=None))))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.source == ""
    assert outcome.remedy == (
        "register a version from a run that has documentation/model_card.yaml"
    )


def test_unreadable_card_is_errored_with_the_reason() -> None:
    candidate = evidence(unreadable=unreadable(file_part(MODEL_CARD_PATH)))
    outcome = check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "the model card could not be read (no answer in 10 s)"
    assert outcome.remedy == "ask again once it can be read"


def test_card_that_nobody_read_is_errored() -> None:
    outcome = check().evaluate(facts(evidence()))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "the model card could not be read (nobody looked for it)"


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("- purpose", "it is no mapping of fields"),
        ("", "it is no mapping of fields"),
        ("a: 1\na: 2", "line 2: `a` is here twice, first in line 1"),
        ("a: *b", "line 1: `*b` refers to an anchor"),
        ("a: " + "x" * 1_000_000, "the file is larger than 1000 kB"),
    ],
)
def test_text_that_is_no_card_is_errored(card: str, reason: str) -> None:
    outcome = check().evaluate(facts(having(card)))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == f"the model card is not readable: {reason}"
    assert outcome.remedy.startswith("write it anew as")


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("purpose: x", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[1]", "it is no mapping of fields"),
        ('{"a": 1, "a": 2}', "`a` is there twice"),
        ('{"a": NaN}', "NaN is no number"),
    ],
)
def test_text_that_is_no_json_card_is_refused(card: str, reason: str) -> None:
    with pytest.raises(CardError, match=f"^{re.escape(reason)}$"):
        read_card(card, "card.json")


def test_json_card_is_judged_as_json() -> None:
    outcome = check(path="card.json").evaluate(facts(having('{"a": 1, "a": 2}', "card.json")))
    assert outcome.message == "the model card is not readable: `a` is there twice"


def test_card_may_be_json() -> None:
    said = json.dumps(dict.fromkeys(REQUIRED_FIELDS, "something"))
    outcome = check(path="card.json").evaluate(facts(having(said, "card.json")))
    assert outcome.kind is OutcomeKind.PASSED


@pytest.mark.parametrize(
    ("value", "characters"),
    [
        (None, 0),
        (True, 0),
        (7, 0),
        (" two ", 3),
        ({"a": {"b": 1}, "c": None}, 5),
        ([" ", [], {}, False], 0),
        ({"précis": 0.5}, 10),
        ("\u200b" * 10, 0),
        (["--", {"\u3164": "…"}], 0),
        ("a\u200b\u2060  \n b", 3),
        (["a", "--"], 4),
    ],
)
def test_length_counts_what_is_said(value: object, characters: int) -> None:
    assert length(value) == characters


def test_what_is_nested_too_deeply_says_nothing() -> None:
    value: object = "text"
    for _ in range(500):
        value = [value]
    assert length(value) == 0


@pytest.mark.parametrize("wrapped", [lambda value: [value], lambda value: {"a": value}])
def test_what_a_document_may_nest_is_counted(wrapped: Callable[[object], object]) -> None:
    value: object = "text"
    for _ in range(MAX_DEPTH):
        value = wrapped(value)
    assert length(value) > 0
    assert length(wrapped(value)) == 0


def test_order_and_repetition_of_fields_mean_nothing() -> None:
    one = check_of("{id: a, type: model_card, fields: [limitations, purpose, purpose]}")
    assert one == check_of("{id: a, type: model_card, fields: [purpose, limitations]}")


def test_defaults_are_those_of_the_documentation() -> None:
    built = check_of("{id: card, type: model_card}")
    assert isinstance(built, ModelCardCheck)
    assert (built.path, built.fields, built.min_chars) == (MODEL_CARD_PATH, REQUIRED_FIELDS, 1)


def test_rule_takes_path_fields_and_length() -> None:
    built = check_of("{id: card, type: model_card, path: c.json, fields: [purpose], min_chars: 9}")
    assert isinstance(built, ModelCardCheck)
    assert (built.path, built.fields, built.min_chars) == ("c.json", (CardField.PURPOSE,), 9)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("path: card.txt", "`card.txt` is neither YAML nor JSON. End it in .yaml, .yml, .json"),
        (
            "path: ../card.yaml",
            (
                "`../card.yaml` does not do here. "
                "Write the path of a file among the artifacts of a run, like validation/report.txt"
            ),
        ),
        (
            "path: /card.yaml",
            (
                "`/card.yaml` does not do here. "
                "Write the path of a file among the artifacts of a run, like validation/report.txt"
            ),
        ),
        (
            "path: a/./card.yaml",
            (
                "does not do here. "
                "Write the path of a file among the artifacts of a run, like validation/report.txt"
            ),
        ),
        ("fields: [purpos]", "`purpos` is not allowed for `fields`. Did you mean `purpose`?"),
        ("fields: []", "`fields` is empty. Name at least one"),
        ("min_chars: 0", "`0` does not do for `min_chars`. Write at least 1"),
        ("min_char: 20", "unknown key `min_char`. Did you mean `min_chars`?"),
    ],
)
def test_what_is_wrong_with_the_rule_is_found_at_load(rule: str, said: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, with_rule(f"{{id: card, type: model_card, {rule}}}"))
    assert finding.startswith("p.yml:21:")
    assert finding.endswith(said), finding


said = st.sampled_from([None, "", " ", "text", 0, True, [], {}, ["x"], {"a": None}, {"a": "b"}])


@given(values=st.dictionaries(st.sampled_from(REQUIRED_FIELDS), said))
def test_a_card_passes_only_when_every_field_says_something(values: dict[CardField, Any]) -> None:
    outcome = check(path="c.json").evaluate(facts(having(json.dumps(values), "c.json")))
    whole = all(values.get(f) in ("text", ["x"], {"a": "b"}) for f in REQUIRED_FIELDS)
    assert (outcome.kind is OutcomeKind.PASSED) == whole
