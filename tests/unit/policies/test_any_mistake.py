"""Whatever stands at whatever place of a policy file, it is told in the words of such files."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.document import Trail
from policies.loader import lint
from tests.unit.policies.error_page import EXAMPLE
from tests.unit.policies.files import written

LIBRARY_WORDS = ("Input should", "function-", "literal[", "list[", "valid ", "[key]", "should have")


def trails(value: Any, trail: Trail = ()) -> Iterator[Trail]:
    yield trail
    items = value.items() if isinstance(value, dict) else ()
    for key, item in items or (enumerate(value) if isinstance(value, list) else ()):
        yield from trails(item, (*trail, key))


def replaced(whole: Any, trail: Trail, value: Any) -> Any:
    if not trail:
        return value
    copy = deepcopy(whole)
    inner = copy
    for part in trail[:-1]:
        inner = inner[part]
    inner[trail[-1]] = value
    return copy


@pytest.mark.parametrize("value", [-1, None, {"a": 1}])
def test_no_word_of_a_library_reaches_the_writer(tmp_path: Path, value: Any) -> None:
    whole = yaml.load(EXAMPLE, Loader=yaml.BaseLoader)  # noqa: S506 - knows text only
    whole["exemptions"] = []
    found = [
        str(finding)
        for trail in trails(whole)
        for finding in lint([written(tmp_path, json.dumps(replaced(whole, trail, value)))])
    ]
    assert len(found) > 100
    assert [line for line in found if any(word in line for word in LIBRARY_WORDS)] == []
