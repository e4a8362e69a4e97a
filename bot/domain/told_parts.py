"""The parts of a version's evidence as names with values to compare."""

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
    "tests": "test",
    "artifacts": "artifact",
}
"""The parts whose values are told by name, and what one of them is called."""
NOT_LOOKED_AT = "not looked at"
"""What a file is of which no rule wants to know."""

_THERE = {True: "there", False: "not there"}
_TEST = {"finished_at": "finished", "run_id": "run", "writer": "writer"}


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
        case "artifacts":
            return {path: _THERE[is_there] for path, is_there in (found or {}).items()}
        case _:
            values: Named = found or {}
            return values


def closer(part: str, found: Any) -> Named:
    """Return what a part says besides, for when ``named`` gives the same as before."""
    match part:
        case "metrics":
            on_data = [m for m in map(json.loads, found) if m["dataset_name"]]
            return {f"{m['key']} on {m['dataset_name']}": m["dataset_digest"] for m in on_data}
        case "datasets":
            return {f"{_dataset(d)} source": d.get("source") for d in map(json.loads, found or ())}
        case "tests":
            tests = found or ()
            return {f"{t['name']} {_TEST[f]}": t.get(f) for t in tests for f in _TEST}
        case _:
            return {}


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
