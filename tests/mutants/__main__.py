"""``make mutants``: changes the code in small ways and tells which changes no test notices."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutants.properties import opened
from tests.mutants.results import Mutant, read_results, table

TOOL = Path(".tools/mutants/bin/mutmut").absolute()
COPIED = ("bot", "handlers", "policies", "tests", "docs", "manifest.yml", "pyproject.toml")
TESTS = {
    "bot/domain": ("tests/unit/domain", "tests/properties"),
    "policies": ("tests/unit/policies", "tests/properties"),
}
"""Which tests have to notice, by the folder of the module."""
SLOW = (
    "tests/properties/test_life.py",
    "tests/properties/test_every_way.py",
    "tests/unit/policies/test_docs_of_errors.py",
)
USUAL = (
    *(f"bot/domain/{name}.py" for name in ("verdict", "agreement", "content_hash")),
    *(f"bot/domain/{name}.py" for name in ("change_request", "planning")),
    *(f"policies/{name}.py" for name in ("metric", "compare", "tolerance", "passed_tests")),
)


def main() -> int:
    """Mutate what the command line names; return 1 when the tool itself does not run."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=USUAL, help="e.g. policies/metric.py")
    parser.add_argument("--out", type=Path, default=Path("mutants.txt"), help="where diffs go")
    parser.add_argument("--at-once", type=int, default=2, help="how many processes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder), tuple(asked.modules))
        ended = _mutmut(Path(folder), "run", "--max-children", str(asked.at_once))
        if ended.returncode:
            sys.stderr.write(ended.stdout[-4000:])
            return 1
        mutants = read_results(_mutmut(Path(folder), "results", "--all", "true").stdout)
        asked.out.write_text("\n".join(_told(Path(folder), mutants)), encoding="utf-8")
    sys.stdout.write(f"{table(mutants)}\nWhat survived, change by change: {asked.out}\n")
    return 0


def _prepare(folder: Path, modules: tuple[str, ...]) -> None:
    """Copy what the tests need, and say which modules change and which tests look."""
    for name in COPIED:
        source = Path(name)
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for slow in SLOW:
        (folder / slow).unlink(missing_ok=True)
    for name in modules:
        module = folder / name
        module.write_text(opened(module.read_text(encoding="utf-8")), encoding="utf-8")
    sources = [name for name in TESTS if any(m.startswith(f"{name}/") for m in modules)]
    tests = dict.fromkeys(test for name in sources for test in TESTS[name])
    lines = {
        "source_paths": sources,
        "only_mutate": modules,
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "also_copy": COPIED,
    }
    text = "".join(f"{key}=\n{_indented(values)}" for key, values in lines.items())
    (folder / "setup.cfg").write_text(f"[mutmut]\n{text}", encoding="utf-8")


def _indented(values: Iterable[str]) -> str:
    return "".join(f"    {value}\n" for value in values)


def _mutmut(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(  # noqa: S603 - our own tool
        [TOOL, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _told(folder: Path, mutants: tuple[Mutant, ...]) -> Iterator[str]:
    """Yield the counts, then each change that was not noticed."""
    yield str(dict(Counter(mutant.fate for mutant in mutants)))
    for mutant in mutants:
        if mutant.is_unnoticed:
            yield f"\n## {mutant.name}: {mutant.fate}"
            shown = _mutmut(folder, "show", mutant.name).stdout.splitlines()
            yield from (line for line in shown if line[:1] in {"-", "+"} and line[1:3] != line[:2])


if __name__ == "__main__":
    sys.exit(main())
