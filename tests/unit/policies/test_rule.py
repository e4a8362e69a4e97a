"""What every outcome of a rule has."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.policy import OutcomeKind
from policies.rule import Rule
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import RULE

WIKI = "https://wiki.example.com/dpia"
DOCUMENTED = Rule(**RULE, docs=WIKI)


@pytest.mark.parametrize(
    "kind", [OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED, OutcomeKind.INCONCLUSIVE]
)
def test_who_does_not_meet_a_rule_is_told_where_to_read_more(kind: OutcomeKind) -> None:
    assert DOCUMENTED.outcome(kind, "no", remedy="log it").remedy == f"log it; see {WIKI}"
    assert DOCUMENTED.outcome(kind, "no").remedy == f"see {WIKI}"
    assert replace(DOCUMENTED, docs="").outcome(kind, "no", remedy="log it").remedy == "log it"


@pytest.mark.parametrize("kind", [OutcomeKind.PASSED, OutcomeKind.SKIPPED])
def test_who_meets_it_has_nothing_to_read(kind: OutcomeKind) -> None:
    assert DOCUMENTED.outcome(kind, "fine").remedy == ""


def test_a_rule_of_a_file_keeps_its_address() -> None:
    built = check_of(f"{{id: eu, type: tags, required: {{dpia: approved}}, docs: '{WIKI}'}}")
    assert isinstance(built, Rule)
    assert built.docs == WIKI


def test_what_is_no_address_is_told(tmp_path: Path) -> None:
    rule = "{id: eu, type: tags, required: {dpia: approved}, docs: 'javascript:alert(1)'}"
    (found,) = findings(tmp_path, with_rule(rule))
    assert "Write an address like https://wiki.example.com/dpia" in found
