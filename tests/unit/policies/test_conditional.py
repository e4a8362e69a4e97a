"""A rule that applies to some versions only is skipped for the others."""

from pathlib import Path

import pytest

from bot.domain.conditions import Condition
from bot.domain.evidence import Needs
from bot.domain.policy import OutcomeKind
from policies.conditional import ConditionalCheck
from policies.loader import load_policies
from tests.builders import make_facts, make_version
from tests.unit.domain.checks import Scripted
from tests.unit.policies.files import WHOLE, changed, findings
from tests.unit.policies.given import RULE as IDENTITY
from tests.unit.policies.given import evidence, facts

RULE = "{id: precision, type: metric, metric: precision, min: 0.80}"
ASSISTANTS = RULE.replace("}", ", applies_when: {tags: {task: llm|chat}}}")


def outcome_kind(**tags: str) -> OutcomeKind:
    condition = Condition(tags=(("task", "llm|chat"),))
    check = ConditionalCheck(**IDENTITY, condition=condition, check=Scripted())
    return check.evaluate(facts(evidence(version=make_version(7, tags=tags)))).kind


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"task": "llm"}, OutcomeKind.PASSED),
        ({"task": "chat"}, OutcomeKind.PASSED),
        ({"task": "llmx"}, OutcomeKind.SKIPPED),
        ({}, OutcomeKind.SKIPPED),
    ],
)
def test_the_whole_value_of_a_tag_decides(tags: dict[str, str], kind: OutcomeKind) -> None:
    assert outcome_kind(**tags) is kind


def test_a_skipped_rule_says_when_it_applies() -> None:
    check = ConditionalCheck(
        **IDENTITY, condition=Condition(tags=(("task", "llm"),)), check=Scripted()
    )
    assert check.evaluate(make_facts()).message == "it applies when tag task is llm"


def test_what_the_rule_needs_is_read_in_any_case() -> None:
    needs = Needs(files=frozenset({"card.yaml"}))
    check = ConditionalCheck(**IDENTITY, condition=Condition(), check=Scripted(needs=needs))
    assert check.needs == needs


def test_the_condition_is_part_of_the_policys_content(tmp_path: Path) -> None:
    plain, limited = tmp_path / "a.yml", tmp_path / "b.yml"
    plain.write_text(WHOLE)
    limited.write_text(changed(RULE, ASSISTANTS))
    before, after = load_policies([plain]).policies, load_policies([limited]).policies
    assert isinstance(after[0].checks[0], ConditionalCheck)
    assert before[0].content != after[0].content


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{}", "`tags` is missing. Add `tags`"),
        ("{tags: {}}", "`tags` is empty. Name at least one"),
        (
            "{tags: {task: '('}}",
            (
                "`(` is no regular expression: missing ), unterminated subpattern at position 0. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
        (
            "{tags: {task: '(a+)+'}}",
            (
                "`(a+)+` has a group that is repeated. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "{tags: {herald.request: x}}",
            (
                "Herald writes the tag `herald.request` itself, so that it shows nothing. "
                "Name another tag"
            ),
        ),
    ],
)
def test_a_condition_that_means_nothing_is_told(tmp_path: Path, condition: str, said: str) -> None:
    (found,) = findings(
        tmp_path, changed(RULE, RULE.replace("}", f", applies_when: {condition}}}"))
    )
    assert found.endswith(said), found
