"""What a model card is: a file of a version's run that says what the model is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    """

    key: CardKey
    model: ModelName
    version: int
    said: Mapping[CardField, str]


def unsaid(said: Mapping[CardField, str]) -> tuple[CardField, ...]:
    """Return the required fields that say nothing: no letter and no digit is in them."""
    return tuple(f for f in REQUIRED_FIELDS if not any(map(str.isalnum, said.get(f, ""))))


def lacks_card(outcomes: Iterable[CheckOutcome]) -> bool:
    """Tell whether a check misses something of the model card at its usual place."""
    return any(
        outcome.kind is OutcomeKind.MISSING and outcome.source.endswith(MODEL_CARD_PATH)
        for outcome in outcomes
    )
