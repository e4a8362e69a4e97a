"""What a model card is: a file of a version's run that says what the model is for."""

from enum import StrEnum

MODEL_CARD_PATH = "documentation/model_card.yaml"
"""Where it is unless a policy says otherwise."""


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
