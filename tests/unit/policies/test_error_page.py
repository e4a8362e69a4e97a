"""The documents say of policy files what Herald says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.names import AliasName, ModelName
from bot.domain.policy import ChangeKind
from policies.json_schema import policy_schema
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


def kinds() -> list[str]:
    """Return every kind of rule."""
    form: dict[str, Any] = json.loads(policy_schema())["$defs"]
    fields = (part.get("properties", {}) for part in form.values())
    return [field["type"]["const"] for field in fields if "const" in field.get("type", {})]


def test_the_example_has_every_kind_of_rule() -> None:
    assert [kind for kind in kinds() if f"type: {kind}" not in EXAMPLE] == []


def test_the_example_is_without_fault() -> None:
    assert lint([EXAMPLE_FILE], datetime(2026, 11, 1, tzinfo=UTC)) == ()
    policies = load_policies([EXAMPLE_FILE], "production")
    matching = policies.matching(
        ChangeKind.PROMOTE, ModelName("prod.fraud.scorer"), AliasName("champion")
    )
    assert [policy.name for policy in matching] == ["baseline"]


def test_the_guide_shows_the_fixture_that_is_tried() -> None:
    guide, fixture = (
        (DOCS / name).read_text() for name in ("policies.md", "policies.example.test.yml")
    )
    shown = guide.split("```yaml\napiVersion")[1].split("\n```")[0]
    assert shown in fixture
    assert shown.count("  - name:") == 2


def test_the_guide_names_every_kind_of_rule() -> None:
    guide = (DOCS / "policies.md").read_text()
    assert [kind for kind in kinds() if f"| `{kind}` |" not in guide] == []
