"""The check ``contents``."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import OutcomeKind
from bot.domain.registry import ModelContents
from policies.contents import ContentsCheck, Part
from tests.builders import make_version
from tests.unit.policies.files import check_of
from tests.unit.policies.given import CONTENTS, contents_check, evidence, facts, unreadable


def test_version_with_every_part_passes() -> None:
    outcome = contents_check().evaluate(facts(evidence(contents=CONTENTS)))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "description, signature, requirements: all there"
    assert outcome.observed == outcome.expected == "description, signature, requirements"


@pytest.mark.parametrize("blank", ["", "  \n", "\u200b\u2060"])
def test_blank_description_is_missing(blank: str) -> None:
    candidate = evidence(version=make_version(description=blank), contents=CONTENTS)
    outcome = contents_check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no description"
    assert outcome.remedy == "describe the version in the registry"
    assert outcome.observed == "signature, requirements"
    assert outcome.expected == "description, signature, requirements"


@pytest.mark.parametrize("lost", [{"inputs": None}, {"outputs": None}])
def test_signature_without_inputs_or_outputs_is_missing(lost: dict[str, Any]) -> None:
    outcome = contents_check(Part.SIGNATURE).evaluate(
        facts(evidence(contents=replace(CONTENTS, **lost)))
    )
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.remedy == "log the model with a signature of inputs and outputs"


@pytest.mark.parametrize("lines", [None, (), ("", " "), ("# none", " ")])
def test_requirements_without_a_line_are_missing(lines: tuple[str, ...] | None) -> None:
    contents = replace(CONTENTS, requirements=lines)
    outcome = contents_check().evaluate(facts(evidence(contents=contents)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.remedy == "log the model with its pip requirements"


def test_everything_that_is_missing_is_told_at_once() -> None:
    candidate = evidence(version=make_version(description=""), contents=None)
    outcome = contents_check().evaluate(facts(candidate))
    assert outcome.message == "no description, no signature, no requirements"
    assert outcome.remedy == (
        "describe the version in the registry; "
        "log the model with a signature of inputs and outputs; "
        "log the model with its pip requirements"
    )


def test_part_that_is_not_required_may_be_missing() -> None:
    candidate = evidence(contents=ModelContents())
    assert contents_check(Part.DESCRIPTION).evaluate(facts(candidate)).kind is OutcomeKind.PASSED


def test_unreadable_files_are_errored() -> None:
    candidate = evidence(unreadable=unreadable("contents"))
    outcome = contents_check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "signature, requirements could not be read (no answer in 10 s)"
    assert outcome.expected == "description, signature, requirements"
    assert outcome.remedy == "ask again once the version's files can be read"


def test_unreadable_files_do_not_hide_a_missing_description() -> None:
    candidate = evidence(version=make_version(description=""), unreadable=unreadable("contents"))
    outcome = contents_check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message.endswith("(no answer in 10 s), no description")


def test_missing_description_is_missing_though_unneeded_files_are_unreadable() -> None:
    candidate = evidence(version=make_version(description=""), unreadable=unreadable("contents"))
    outcome = contents_check(Part.DESCRIPTION).evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.MISSING


def test_rule_takes_each_part_once() -> None:
    built = check_of("{id: a, type: contents, require: [signature, description, signature]}")
    assert isinstance(built, ContentsCheck)
    assert built.required == (Part.SIGNATURE, Part.DESCRIPTION)


@given(
    description=st.sampled_from(["", " ", "text"]),
    contents=st.none()
    | st.builds(
        ModelContents,
        inputs=st.none() | st.just("[]"),
        outputs=st.none() | st.just("[]"),
        requirements=st.none() | st.lists(st.sampled_from(["", "numpy"])).map(tuple),
    ),
    is_unreadable=st.booleans(),
)
def test_it_passes_only_when_every_part_is_there(
    description: str,
    contents: ModelContents | None,
    is_unreadable: bool,  # noqa: FBT001 - drawn
) -> None:
    candidate = evidence(
        version=make_version(description=description),
        contents=contents,
        unreadable=unreadable("contents") if is_unreadable else (),
    )
    outcome = contents_check().evaluate(facts(candidate))
    whole = (
        description == "text"
        and contents is not None
        and contents.inputs is not None
        and contents.outputs is not None
        and "numpy" in (contents.requirements or ())
    )
    assert (outcome.kind is OutcomeKind.PASSED) == whole
