"""The demo world as plain data: models, endpoints and what goes wrong with them."""

from bot.sandbox.demo.models import (
    CHURN,
    IRIS,
    LEGACY_RANKER,
    LOAN_RISK,
    MODELS,
    RAG,
    RANKER,
    RULES,
    SCORER,
    SPELLER,
)
from bot.sandbox.demo.shapes import DemoEndpoint, DemoEntity, DemoModel, DemoVersion, Quirk

__all__ = [
    "CANNOT_START_REASON",
    "CHURN",
    "ENDPOINTS",
    "IRIS",
    "LEGACY_RANKER",
    "LOAN_RISK",
    "MODELS",
    "QUIRKS",
    "RAG",
    "RANKER",
    "RULES",
    "SCORER",
    "SLOW_ANSWER_S",
    "SPELLER",
    "DemoEndpoint",
    "DemoEntity",
    "DemoModel",
    "DemoVersion",
    "Quirk",
    "endpoint",
    "model",
]

ENDPOINTS: tuple[DemoEndpoint, ...] = (
    DemoEndpoint(
        name="iris-classifier",
        entities=(
            DemoEntity(model=IRIS, version=1, traffic_percentage=100, scale_to_zero_enabled=True),
        ),
    ),
    DemoEndpoint(
        name="nasa-gcn-rag-assistant",
        entities=(
            DemoEntity(model=RAG, version=1, traffic_percentage=100, workload_size="Medium"),
        ),
        tags={"team": "astro"},
    ),
    DemoEndpoint(
        name="fraud-scorer",
        entities=(
            DemoEntity(
                model=SCORER,
                version=1,
                traffic_percentage=100,
                environment_vars={"CARD_HISTORY_TOKEN": "{{secrets/fraud/card_history}}"},
            ),
        ),
        tags={"tier": "1"},
    ),
    DemoEndpoint(
        name="fraud-shared",
        entities=(
            DemoEntity(model=SCORER, version=1, traffic_percentage=50),
            DemoEntity(model=RULES, version=1, traffic_percentage=50),
        ),
    ),
    DemoEndpoint(
        name="ranker",
        entities=(DemoEntity(model=RANKER, version=2, traffic_percentage=100),),
    ),
)

QUIRKS: dict[tuple[str, int], Quirk] = {
    (SCORER, 2): Quirk.CANNOT_START,
    (SCORER, 3): Quirk.SLOW,
}

CANNOT_START_REASON = "ModuleNotFoundError: No module named 'lightgbm'"
"""What the platform's message for a version that cannot start begins with."""

SLOW_ANSWER_S = 0.6
"""How long a slow version takes for each request; its objective on an endpoint is below 250 ms."""


def model(name: str) -> DemoModel:
    """Return the demo model of that full name.

    Raises:
        KeyError: If the demo world has no such model.
    """
    return {m.name: m for m in MODELS}[name]


def endpoint(name: str) -> DemoEndpoint:
    """Return the demo endpoint of that name.

    Raises:
        KeyError: If the demo world has no such endpoint.
    """
    return {e.name: e for e in ENDPOINTS}[name]
