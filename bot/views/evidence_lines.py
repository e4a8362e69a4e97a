"""The recorded evidence of a request, as readable lines."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.canonical import canonical_json
from bot.domain.counting import count
from bot.views.rich import Part, bold
from bot.views.texts import number, one_line

SHOWN_VALUES = 40
VALUE_LIMIT = 200
_SIDES = (("candidate", "Asked for"), ("current", "Now"))


def evidence_lines(content: Mapping[str, object]) -> Iterator[tuple[str, list[list[Part]]]]:
    """Yield a title and its lines for both versions and for the policies of a hashed content.

    Args:
        content: What ``hashed_content`` gave, also after a round trip through JSON.
    """
    plain: dict[str, Any] = json.loads(canonical_json(content))
    for part, title in _SIDES:
        recorded = plain.get(part)
        if recorded:
            yield f"{title}: v{recorded.get('version')}", list(_version(recorded))
    policies = plain.get("policies") or {}
    yield "Policies", [[bold(name)] for name in sorted(policies)] or [["none"]]


def _version(recorded: Mapping[str, Any]) -> Iterator[list[Part]]:
    yield [bold("description"), f"  {_shown(recorded.get('description'))}"]
    yield [bold("run"), f"  {_shown(recorded.get('run'))}"]
    yield [bold("metrics"), f"  {_joined(_metrics(recorded))}"]
    for part in ("parameters", "tags"):
        values = recorded.get(part) or {}
        pairs = [f"{_shown(key)} {_shown(value)}" for key, value in sorted(values.items())]
        yield [bold(part), f"  {_joined(pairs)}"]
    yield [bold("data"), f"  {_joined(_datasets(recorded))}"]
    yield [bold("tests"), f"  {_joined(_tests(recorded))}"]
    yield [bold("files"), f"  {_contents(recorded.get('contents'))}"]
    unreadable = recorded.get("unreadable") or []
    if unreadable:
        yield [bold("could not be read"), f"  {_joined([str(part) for part in unreadable])}"]


def _metrics(recorded: Mapping[str, Any]) -> list[str]:
    return [_metric(_object(metric)) for metric in recorded.get("metrics") or []]


def _metric(metric: Mapping[str, Any]) -> str:
    value = metric.get("value")
    shown = number(value) if isinstance(value, int | float) else _shown(value)
    return f"{_shown(metric.get('key'))} {shown}"


def _datasets(recorded: Mapping[str, Any]) -> list[str]:
    found = [_object(dataset) for dataset in recorded.get("datasets") or []]
    return [f"{_shown(d.get('name'))} ({_shown(d.get('digest'))})" for d in found]


def _tests(recorded: Mapping[str, Any]) -> list[str]:
    found = [_object(test) for test in recorded.get("tests") or []]
    return [f"{_shown(test.get('name'))} {_shown(test.get('outcome'))}" for test in found]


def _contents(contents: Mapping[str, Any] | None) -> str:
    if not contents:
        return "no data"
    signed = "signature" if contents.get("inputs") else "no signature"
    lines = contents.get("requirements")
    needs = "no requirements" if lines is None else count(len(lines), "requirement")
    return f"{signed}, {needs}"


def _object(value: object) -> Mapping[str, Any]:
    """Return a recorded object; some are kept as canonical JSON so that they could be sorted."""
    parsed: object = json.loads(value) if isinstance(value, str) else value
    return parsed if isinstance(parsed, dict) else {}


def _joined(values: list[str]) -> str:
    more = len(values) - SHOWN_VALUES
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(values[:SHOWN_VALUES])}{rest}" if values else "no data"


def _shown(value: object) -> str:
    return one_line("" if value is None else str(value), VALUE_LIMIT) or "no data"
