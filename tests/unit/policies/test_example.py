"""The example of the docs says everything once, and comes out as it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from policies.json_schema import policy_schema
from policies.trial import try_fixture
from tests.unit.policies.json_schemas import problems

DOCS = Path(__file__).parents[3] / "docs"
TRIED = DOCS / "policies.every-rule.test.yml"
SCHEMA: dict[str, Any] = json.loads(policy_schema())
TEXT = (DOCS / "policies.example.yml").read_text()
# To this reader of YAML 1.1 `on` is true; Herald's own leaves it as it is.
EXAMPLE: dict[str, Any] = yaml.safe_load(TEXT.replace("{on:", '{"on":'))
OF_ANY_RULE = {"id", "severity", "applies_when", "docs"}
Setting = tuple[str, str]


def settings() -> set[Setting]:
    """Return every key that can be written, with the part it stands in."""
    parts = {**SCHEMA["$defs"], "PolicyFile": SCHEMA}
    return {
        place_of(part, key) for part, form in parts.items() for key in form.get("properties", {})
    }


def place_of(part: str, key: str) -> Setting:
    """Return where a key stands; what every rule may say counts once for all."""
    return ("rule" if part.endswith("Rule") and key in OF_ANY_RULE else part, key)


def said(value: Any, schema: Any, part: str = "PolicyFile") -> Iterator[Setting]:
    """Yield every key that a value says, as its schema names the part."""
    if "$ref" in schema:
        part = schema["$ref"].removeprefix("#/$defs/")
        yield from said(value, SCHEMA["$defs"][part], part)
    choices = (*schema.get("anyOf", ()), *schema.get("oneOf", ()))
    for choice in (each for each in choices if not list(problems(value, each, SCHEMA))):
        yield from said(value, choice, part)
    for item in value if isinstance(value, list) else ():
        yield from said(item, schema.get("items", {}), part)
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in schema.get("properties", {}):
            yield place_of(part, key)
        yield from said(inner, _form_of(key, schema), part)


def _form_of(key: str, schema: Any) -> Any:
    others = schema.get("additionalProperties")
    named = next(iter(schema.get("patternProperties", {}).values()), others)
    return schema.get("properties", {}).get(key) or (named if isinstance(named, dict) else {})


def test_the_example_says_all_that_a_policy_file_can_say() -> None:
    unsaid = settings() - set(said(EXAMPLE, SCHEMA))
    needs_a_file_beside_it = {("FreezeEntry", "ics")}
    assert unsaid == needs_a_file_beside_it
    assert "ics: calendars/" in TEXT


def test_every_rule_of_the_example_comes_out_as_its_fixture_says() -> None:
    assert [result.differences for result in try_fixture(TRIED)] == [(), ()]


def test_the_fixture_expects_something_of_every_rule_of_the_example() -> None:
    rules = {rule["id"] for policy in EXAMPLE["policies"] for rule in policy.get("rules", ())}
    for case in yaml.safe_load(TRIED.read_text())["cases"]:
        assert set(case["expect"]["outcomes"]) == rules
