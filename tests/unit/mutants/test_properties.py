"""Properties are opened to the mutation tool, and mean the same."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.mutants.properties import opened

TEXT = '''
class Port(Protocol):
    @property
    def name(self) -> str: ...


class Square:
    side = 3

    @property
    def area(self) -> int:
        """How much it holds."""
        return self.side * self.side

    @cached_property
    def rim(self) -> int:
        return 4 * self.side

    @property
    def is_big(self) -> bool:
        return self.area > 8
'''


def test_a_property_becomes_a_method_and_stays_a_property() -> None:
    world: dict[str, object] = {"Protocol": object, "cached_property": property}
    exec(opened(TEXT), world)  # noqa: S102 - the text above
    square = SimpleNamespace(made=world["Square"]).made()
    assert (square.area, square.rim, square.is_big) == (9, 12, True)
    assert (square.of_area(), square.of_is_big()) == (9, True)


def test_protocols_and_other_decorators_stay() -> None:
    assert opened(TEXT).count("@") == 2
    assert "of_name" not in opened(TEXT)
    assert "of_rim" not in opened(TEXT)


@pytest.mark.parametrize("module", ["bot/domain/health.py", "policies/schema.py"])
def test_a_module_stays_a_module(module: str) -> None:
    compile(opened(Path(module).read_text(encoding="utf-8")), module, "exec")
