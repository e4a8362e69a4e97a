"""The shape of the code: small parts, and a core that stands alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE_LINES = 300
FUNCTION_LINES = 60


def _sources() -> Iterator[Path]:
    for folder in ("bot", "handlers", "policies"):
        yield from (p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)


def test_every_package_file_is_empty() -> None:
    full = [p for p in _sources() if p.name == "__init__.py" and p.read_text().strip()]
    assert full == []


def test_no_module_has_grown_too_long() -> None:
    lines = {p: sum(1 for line in p.read_text().splitlines() if line.strip()) for p in _sources()}
    assert {str(p): n for p, n in lines.items() if n > MODULE_LINES} == {}


def test_no_function_has_grown_too_long() -> None:
    long = [
        f"{path.name}:{node.name}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_the_core_stands_alone() -> None:
    foreign = ["slack_bolt", "slack_sdk", "mlflow", "databricks", "sqlalchemy", "aiohttp"]
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in (ROOT / "bot" / "domain", ROOT / "bot" / "services", ROOT / "policies")
        for path in sorted(folder.glob("*.py"))
        if path.name != "__init__.py"
    ]
    program = (
        f"import sys, importlib; [importlib.import_module(m) for m in {modules!r}];"
        f"print([m for m in {foreign!r} if m in sys.modules])"
    )
    ended = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ended.stdout.strip() == "[]"
