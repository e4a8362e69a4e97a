"""The parts of a version's evidence, and of a policy, as names with values to compare."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Named = Mapping[str, object]

SINGULAR = {
    "tags": "tag",
    "run tags": "run tag",
    "parameters": "parameter",
    "metrics": "metric",
    "datasets": "dataset",
    "contents": "contents",
    "tests": "test",
    "artifacts": "artifact",
}
"""The parts whose values are told from what to what, and what one of them is called."""


def named(part: str, found: Any) -> Named:
    """Return a part's values by name; a part that is not there has none.

    Args:
        part: One of ``SINGULAR``.
        found: What the hashed content holds of it, as plain JSON.
    """
    match part:
        case "metrics":
            return _metrics(map(json.loads, found))
        case "datasets":
            return {_dataset(each): each["digest"] for each in map(json.loads, found or ())}
        case "tests":
            return {each["name"]: each["outcome"] for each in found or ()}
        case _:
            values: Named = found or {}
            return values


def policy_parts(content: str) -> dict[str, object]:
    """Return a policy's settings by name, each rule by its own; of other text there is nothing."""
    try:
        parts = json.loads(content)
    except ValueError:
        return {}
    if not isinstance(parts, dict):
        return {}
    rules = parts.pop("rules", {})
    return {**parts, **{f"rule {rule}": told for rule, told in rules.items()}}


def _metrics(metrics: Iterable[dict[str, Any]]) -> Named:
    """Return the values of each metric and dataset, together where there are several."""
    values: dict[str, str] = {}
    for metric in metrics:
        dataset = metric["dataset_name"] or metric["dataset_digest"]
        name = f"{metric['key']} on {dataset}" if dataset else str(metric["key"])
        known = f"{values[name]}, " if name in values else ""
        values[name] = f"{known}{metric['value']}"
    return values


def _dataset(dataset: dict[str, Any]) -> str:
    return f"{dataset['name']} ({dataset['context']})" if dataset["context"] else dataset["name"]
