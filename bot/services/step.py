"""One step at work: what it is part of, and what the journal knows so far."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.change_request import ChangeRequest
from bot.domain.ledger import Cause
from bot.domain.names import ModelName
from bot.domain.policy import ChangeKind
from bot.domain.steps import JournalEntry, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWork:
    """A step of a request.

    Attributes:
        entry: The step's own entry in the journal.
        journal: Every entry of this execution, by step.
        guard: To be awaited just before each outside call.
    """

    request: ChangeRequest
    step: Step
    entry: JournalEntry
    journal: Mapping[str, JournalEntry]
    guard: Callable[[], Awaitable[None]]

    @property
    def model(self) -> ModelName:
        """The model that is changed."""
        return self.request.model

    @property
    def cause(self) -> Cause:
        """What the ledger calls a value that this step writes."""
        if self.step.is_undo:
            return Cause.UNDO
        rolls_back = self.request.kind is ChangeKind.ROLL_BACK
        return Cause.ROLL_BACK if rolls_back else Cause.PROMOTE
