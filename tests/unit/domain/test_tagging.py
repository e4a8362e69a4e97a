"""Which proposed tags are offered."""

import pytest

from bot.domain.policy import OutcomeKind, ProposedTag
from bot.domain.tagging import proposed_tags
from tests.builders import make_outcome

NEXT = ProposedTag(key="version", value="1.3.0")
OTHER = ProposedTag(key="release", value="2.0.0")


@pytest.mark.parametrize("kind", OutcomeKind)
def test_only_rules_that_are_not_met_propose(kind: OutcomeKind) -> None:
    unmet = kind in {OutcomeKind.FAILED, OutcomeKind.MISSING}
    assert proposed_tags([make_outcome(kind, proposed=NEXT)]) == ((NEXT,) if unmet else ())


def test_each_tag_is_proposed_once_in_the_order_of_the_rules() -> None:
    found = [make_outcome(OutcomeKind.MISSING, proposed=tag) for tag in (OTHER, NEXT, None, OTHER)]
    assert proposed_tags(found) == (OTHER, NEXT)
