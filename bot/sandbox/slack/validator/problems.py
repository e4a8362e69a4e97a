"""What is wrong with a block, and where."""

from dataclasses import dataclass

# Rules that hold for every object alike; all others are named `<object>.<field>.<constraint>`.
WRONG_TYPE = "wrong_type"
UNKNOWN_FIELD = "unknown_field"
UNKNOWN_TYPE = "unknown_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One breach of a rule; `pointer` is a JSON pointer to the value."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in the checked document, and the name of the rules that hold there."""

    pointer: str = ""
    rule: str = ""

    def at(self, key: str | int, rule: str) -> "Spot":
        """Return the spot of a part."""
        return Spot(pointer=f"{self.pointer}/{key}", rule=rule)

    def broken(self, constraint: str, message: str) -> Problem:
        """Return the breach of one of this spot's own rules."""
        return Problem(pointer=self.pointer, code=f"{self.rule}.{constraint}", message=message)

    def misfit(self, code: str, message: str) -> Problem:
        """Return the breach of a rule that holds everywhere."""
        return Problem(pointer=self.pointer, code=code, message=message)
