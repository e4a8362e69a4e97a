"""The shapes of the demo world: what a model, a version and an endpoint are made of."""

from dataclasses import dataclass, field
from enum import StrEnum

Setting = str | int | float


class Learner(StrEnum):
    """How a version decides."""

    TREE = "decision_tree"
    FOREST = "random_forest"
    LINEAR = "logistic_regression"
    BOOSTING = "gradient_boosting"
    RETRIEVAL = "tfidf_retrieval"


class Quirk(StrEnum):
    """What goes wrong with a version once an endpoint serves it."""

    CANNOT_START = "cannot_start"
    SLOW = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoVersion:
    """One model version: how it is trained and what the registry says of it.

    Attributes:
        params: Hyperparameters, logged on the run and given to the learner.
        latency_p95_ms: What the load test before registration is said to have measured.
        description: Empty: the version has none.
        has_card: Whether the run carries `documentation/model_card.yaml`.
        judged: Figures a judge gave offline; only for what has no test set to be measured on.
    """

    version: int
    learner: Learner
    params: dict[str, Setting]
    latency_p95_ms: float
    description: str
    tags: dict[str, str] = field(default_factory=dict)
    has_card: bool = True
    judged: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoModel:
    """One registered model; versions are numbered from 1, in order."""

    name: str
    purpose: str
    owner: str
    tags: dict[str, str]
    versions: tuple[DemoVersion, ...]
    aliases: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntity:
    """One served entity with its share of the endpoint's traffic (0 to 100)."""

    model: str
    version: int
    traffic_percentage: int
    workload_size: str = "Small"
    scale_to_zero_enabled: bool = False
    environment_vars: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name Databricks gives an entity by default."""
        return f"{self.model.rsplit('.', 1)[-1]}-{self.version}"

    def as_json(self) -> dict[str, object]:
        """Return the entity in the form of the serving API's `served_entities`."""
        body: dict[str, object] = {
            "name": self.name,
            "entity_name": self.model,
            "entity_version": str(self.version),
            "workload_size": self.workload_size,
            "workload_type": "CPU",
            "scale_to_zero_enabled": self.scale_to_zero_enabled,
        }
        return body | ({"environment_vars": self.environment_vars} if self.environment_vars else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEndpoint:
    """One serving endpoint; its entities' traffic sums to 100."""

    name: str
    entities: tuple[DemoEntity, ...]
    tags: dict[str, str] = field(default_factory=dict)

    def config(self) -> dict[str, object]:
        """Return the endpoint's `config` as the serving API takes it."""
        routes = [
            {"served_model_name": e.name, "traffic_percentage": e.traffic_percentage}
            for e in self.entities
        ]
        return {
            "served_entities": [e.as_json() for e in self.entities],
            "traffic_config": {"routes": routes},
        }
