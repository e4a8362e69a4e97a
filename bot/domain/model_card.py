"""What a model card is: a file of a version's run that says what the model is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.blank import says_nothing
from bot.domain.names import CardKey, ModelName
from bot.domain.policy import CheckOutcome, OutcomeKind

MODEL_CARD_PATH = "documentation/model_card.yaml"
"""Where it is unless a policy says otherwise."""
FIELD_LIMIT = 3000
"""Characters of a field that a form can show."""


class CardField(StrEnum):
    """What a model card can say."""

    PURPOSE = "purpose"
    INPUT_SCHEMA = "input_schema"
    OUTPUT_SCHEMA = "output_schema"
    TRAINING_DATA = "training_data"
    PERFORMANCE_METRICS = "performance_metrics"
    LIMITATIONS = "limitations"
    AUTHORS = "authors"
    USE_CASES = "use_cases"
    ETHICAL_CONSIDERATIONS = "ethical_considerations"


REQUIRED_FIELDS = (
    CardField.PURPOSE,
    CardField.INPUT_SCHEMA,
    CardField.OUTPUT_SCHEMA,
    CardField.TRAINING_DATA,
    CardField.PERFORMANCE_METRICS,
    CardField.LIMITATIONS,
)
"""What it has to say unless a policy says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardForm:
    """A model card to be filled in.

    Attributes:
        key: Of the card from which it was opened.
        said: What the present card says, field by field; fields that it lacks are not in it.
        least: How many characters policies ask of a field; those they do not ask for are not in it.
    """

    key: CardKey
    model: ModelName
    version: int
    said: Mapping[CardField, str]
    least: Mapping[CardField, int] = field(default_factory=dict)


@runtime_checkable
class CardRule(Protocol):
    """What a policy's check asks of a model card."""

    @property
    def path(self) -> str:
        """Where the card is."""
        ...

    @property
    def fields(self) -> tuple[CardField, ...]:
        """What it has to say."""
        ...

    @property
    def min_chars(self) -> int:
        """How many characters each field has at least."""
        ...


def least_of(checks: Iterable[object]) -> dict[CardField, int]:
    """Return how many characters the checks of a card at its usual place ask of each field."""
    least: dict[CardField, int] = {}
    for check in checks:
        if isinstance(check, CardRule) and check.path == MODEL_CARD_PATH:
            for each in check.fields:
                least[each] = max(check.min_chars, least.get(each, 0))
    return least


def unsaid(said: Mapping[CardField, str]) -> tuple[CardField, ...]:
    """Return the required fields that say nothing: no letter and no digit is in them."""
    return tuple(f for f in REQUIRED_FIELDS if says_nothing(said.get(f, "")))


def lacks_card(outcomes: Iterable[CheckOutcome]) -> bool:
    """Tell whether a check misses something of the model card at its usual place."""
    return any(
        outcome.kind is OutcomeKind.MISSING and outcome.source.endswith(MODEL_CARD_PATH)
        for outcome in outcomes
    )
