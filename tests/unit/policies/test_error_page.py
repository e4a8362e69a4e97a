"""The documents say of policy files what Herald says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.names import AliasName, ModelName
from bot.domain.policy import ChangeKind
from policies.loader import lint, load_policies
from tests.unit.policies.error_page import DOCS, EXAMPLE, MISTAKES, Mistake, page, section

EXAMPLE_FILE = DOCS / "policies.example.yml"


def test_the_page_of_errors_is_fresh(tmp_path: Path) -> None:
    assert (DOCS / "policy-errors.md").read_text() == page(tmp_path), (
        "run: python -m tests.unit.policies.error_page > docs/policy-errors.md"
    )


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_each_mistake_is_told_once(mistake: Mistake, tmp_path: Path) -> None:
    assert EXAMPLE.count(mistake.old) >= 1
    told = section(mistake, tmp_path).split("```")[-2].strip().splitlines()
    assert len(told) == 1


def test_the_example_is_without_fault() -> None:
    assert lint([EXAMPLE_FILE], datetime(2026, 11, 1, tzinfo=UTC)) == ()
    policies = load_policies([EXAMPLE_FILE], "production")
    matching = policies.matching(
        ChangeKind.PROMOTE, ModelName("prod.fraud.scorer"), AliasName("champion")
    )
    assert [policy.name for policy in matching] == ["baseline"]
