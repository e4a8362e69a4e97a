"""What is wrong with policy files: one line each, with the place and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.errors import ConfigurationError

ALIKE = 0.6
"""How alike two words are, from 0 to 1, of which one may be meant by the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        position: None when it is about the file as a whole.
        is_warning: The policies do what they say all the same.
    """

    file: str
    position: Position | None = None
    problem: str
    remedy: str
    is_warning: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, for sorting; a whole file comes before its first line."""
        return (self.position.line, self.position.column) if self.position else (0, 0)

    @property
    def where(self) -> str:
        """The place as ``file:line:column``."""
        at = self.position
        return f"{self.file}:{at.line}:{at.column}" if at else self.file

    def __str__(self) -> str:
        kind = "warning: " if self.is_warning else ""
        return f"{self.where}: {kind}{_one_line(f'{self.problem}. {self.remedy}')}"

    def as_json(self) -> dict[str, str | int | bool]:
        """Return the finding as the fields of a JSON object; line 0 means the whole file."""
        line, column = self.place
        return {
            "file": self.file,
            "line": line,
            "column": column,
            "problem": self.problem,
            "remedy": self.remedy,
            "warning": self.is_warning,
        }

    def as_error(self, others: int) -> ConfigurationError:
        """Return the error that ends a start.

        Args:
            others: How many more findings there are.
        """
        more = f" ({others} more: see `herald policy lint`)" if others else ""
        return ConfigurationError(self.where, _one_line(self.problem), f"{self.remedy}{more}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def hint(
    wrong: str, known: Iterable[str], otherwise: str = "Known: {}", *, alike: float = ALIKE
) -> str:
    """Return what was probably meant, or all there is to choose from.

    Args:
        wrong: The unknown word.
        known: The words that would do.
        otherwise: What to say when none is close; ``{}`` stands for the known words.
        alike: How close one has to be.
    """
    known = sorted(known)
    close = get_close_matches(wrong, known, cutoff=alike)
    return (
        f"Did you mean `{close[0]}`?" if close else otherwise.format(", ".join(known) or "none yet")
    )
