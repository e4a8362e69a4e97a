"""The JSON Schema of policy files says what the loader takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.document import read_document
from policies.json_schema import policy_schema
from tests.unit.policies.files import changed
from tests.unit.policies.json_schemas import problems

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads(policy_schema())
RULE = "{id: precision, type: metric, metric: precision, min: 0.80}"


def found(text: str) -> list[str]:
    return list(problems(read_document("p.yml", text.encode()).value, SCHEMA, SCHEMA))


def test_the_committed_schema_is_fresh() -> None:
    committed = (ROOT / "docs" / "policies.schema.json").read_text()
    assert committed == policy_schema(), "run: herald policy schema > docs/policies.schema.json"


def test_schema_says_which_one_it_is_and_describes_every_part() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    bare = [name for name, part in SCHEMA["$defs"].items() if not part.get("description")]
    assert bare == []


@pytest.mark.parametrize(
    "file", ["policies/sandbox.yml", "bot/sandbox/tour/policies.yml", "tests/bench/policies.yml"]
)
def test_policies_that_load_fit_the_schema(file: str) -> None:
    assert found((ROOT / file).read_text()) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expires: 48h", "expires: 2", "/policies/0/expires: no string"),
        ("expires: 48h", "expires: 2w", "/policies/0/expires: '2w' against"),
        ("count: 2", "count: 0", "/policies/0/approvals/0/count: 0 against 1"),
        ("rejections: 2", "rejection: 2", "/policies/0: unknown rejection"),
        (RULE, "{id: a, type: metric, metric: precision, min: high}", "/policies/0/rules/0/min"),
        (RULE, "{id: a, type: compare, metrics: [x], max_drop: -1}", "max_drop: -1 against 0"),
        ("slack_users: [U0DEV]", "slack_users: [ada]", "'ada' against"),
        ("direction: lower", "direction: down", "'down' against ['higher', 'lower']"),
    ],
)
def test_what_the_loader_refuses_for_its_form_breaks_the_schema(
    old: str, new: str, said: str
) -> None:
    assert said in " ".join(found(changed(old, new)))


def test_default_durations_are_written_as_in_policy_files() -> None:
    assert SCHEMA["$defs"]["PolicyEntry"]["properties"]["expires"]["default"] == "24h"
