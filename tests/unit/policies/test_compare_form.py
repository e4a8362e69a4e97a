"""What a rule ``compare`` in a policy file asks for."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.policy import FirstRelease, PolicyCheck
from policies.compare import CompareCheck
from policies.loader import load_policies
from policies.paired import PairedCheck
from policies.tolerance import Tolerance
from tests.unit.policies.files import changed, written

TOLERANCE = Tolerance(max_drop=Decimal("0.02"))
PAIRED = ", paired: {table: eval.json, id: example, correct: right}"


def read(folder: Path, more: str) -> PolicyCheck:
    text = changed("max_drop: 0.02}", f"max_drop: 0.02{more}}}")
    (policy,) = load_policies([written(folder, text)]).policies
    return next(check for check in policy.checks if check.id == "no-regress")


@pytest.mark.parametrize("word", FirstRelease)
@pytest.mark.parametrize("how", ["", PAIRED])
def test_what_holds_for_a_first_release_is_read(
    tmp_path: Path, how: str, word: FirstRelease
) -> None:
    check = read(tmp_path, f"{how}, first_release: {word}")
    assert isinstance(check, CompareCheck | PairedCheck)
    assert (check.first_release, check.tolerance) == (word, TOLERANCE)


def test_first_release_has_nothing_to_show_unless_the_rule_says_so(tmp_path: Path) -> None:
    check = read(tmp_path, "")
    assert isinstance(check, CompareCheck)
    assert check.first_release is FirstRelease.ALLOW


def test_answers_are_compared_by_the_metric_that_the_rule_names(tmp_path: Path) -> None:
    check = read(tmp_path, PAIRED)
    assert isinstance(check, PairedCheck)
    assert check.metric.name == "precision"
    assert (check.paired.table, check.paired.key) == ("eval.json", "example")
