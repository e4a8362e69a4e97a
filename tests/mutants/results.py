"""What became of each change, as the tool lists it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_LINE = re.compile(r"\s*(?P<name>\S+__mutmut_\d+): (?P<fate>.+?)\s*")
NOTICED = frozenset({"killed", "timeout", "caught by type check", "segfault"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of the code.

    Attributes:
        name: Dotted, with the module first.
        fate: In the tool's words: ``killed``, ``survived``, ``no tests``, ``timeout`` …
    """

    name: str
    fate: str

    @property
    def module(self) -> str:
        """Dotted name of the module that was changed."""
        return re.split(r"\.x(?:_|ǁ)", self.name)[0]

    @property
    def is_unnoticed(self) -> bool:
        """Whether every test passed in spite of it."""
        return self.fate not in NOTICED


def read_results(text: str) -> tuple[Mutant, ...]:
    """Return the changes that the tool's list names."""
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return tuple(Mutant(name=match["name"], fate=match["fate"]) for match in found if match)


def table(mutants: Iterable[Mutant]) -> str:
    """Return one line for each module: changes, and how many of them nobody noticed."""
    mutants = tuple(mutants)
    changes = Counter(mutant.module for mutant in mutants)
    unnoticed = Counter(mutant.module for mutant in mutants if mutant.is_unnoticed)
    rows = [f"{'module':<32} {'changes':>8} {'unnoticed':>10}"]
    rows += [f"{name:<32} {changes[name]:>8} {unnoticed[name]:>10}" for name in sorted(changes)]
    total = f"{'all':<32} {changes.total():>8} {unnoticed.total():>10}"
    return "\n".join([*rows, total])
