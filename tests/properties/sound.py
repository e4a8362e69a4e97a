"""A sound world in which every drawn rule passes.

A new kind of rule needs an entry in ``RULES``, what it looks at in ``SOUND``, and in the module
``spoils`` whatever it must not pass on.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.evidence import (
    PolicyFacts,
    Signature,
    TestResult,
    VersionEvidence,
)
from bot.domain.figures import Figures
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.model_card import MODEL_CARD_PATH, CardField
from bot.domain.policy import OutcomeKind, PolicyCheck, Severity
from bot.domain.registry import Dataset, Metric, ModelContents
from policies.entries import RulePlace
from policies.schema import AnyRule
from tests.builders import CHALLENGER, ENDPOINT, NOW, make_facts, make_model, make_run, make_version

Facts = PolicyFacts
CATALOGUE = {
    "precision": MetricDefinition(name="precision", direction=Direction.HIGHER, unit="ratio"),
    "psi": MetricDefinition(name="psi", direction=Direction.LOWER),
    "latency": MetricDefinition(name="latency", direction=Direction.LOWER, aliases=("p95",)),
}
PLACE = RulePlace(policy="baseline", severity=Severity.ENFORCE, catalogue=CATALOGUE)
SUITES = ("unit", "load")


def _metrics(better: float) -> tuple[Metric, ...]:
    logged_at = NOW - timedelta(hours=5)
    return (
        Metric(key="psi", value=0.1 - better, dataset_digest="d1", logged_at=logged_at),
        Metric(key="precision", value=0.9 + better, dataset_name="holdout", dataset_digest="d1"),
        Metric(key="p95", value=100.0 - better, dataset_name="holdout", dataset_digest="d1"),
    )


SOURCE_TAGS = {
    "mlflow.source.git.commit": "0123456789abcdef",
    "mlflow.source.git.branch": "main",
    "review.status": "approved",
    "review.reviewer": "ben",
    "review.author": "ada",
}
DATASET = Dataset(name="holdout", digest="d1", source="prod.tables.payments")
CARD = "".join(f"{field}: what there is to say\n" for field in CardField)


def _evidence(number: int, better: float) -> VersionEvidence:
    run = make_run(f"run-{number}", tags=SOURCE_TAGS, datasets=(DATASET,))
    tags = {"team": "fraud", "version": f"1.{number}.0"}
    return VersionEvidence(
        version=make_version(number, metrics=_metrics(better), tags=tags),
        run=run,
        tests_signature=Signature(key_id="ci"),
        files={MODEL_CARD_PATH: CARD},
        artifacts={"explain/": True, "MLmodel": True},
        contents=ModelContents(inputs="[]", outputs="[]", requirements=("numpy",)),
        tests=tuple(
            TestResult(
                name=suite,
                outcome="passed",
                finished_at=NOW - timedelta(hours=3),
                run_id=run.run_id,
            )
            for suite in SUITES
        ),
    )


A_DAY = timedelta(days=1)
FIGURES = Figures(requests=1000, server_errors=5, judged=1000, latency={100.0: 1000})
"""99.5 % of a thousand requests went well, all of them within 100 ms."""

SOUND = make_facts(
    candidate=_evidence(7, 0.01),
    current=_evidence(6, 0.0),
    held_since={CHALLENGER: NOW - timedelta(days=3)},
    figures={A_DAY: {ENDPOINT: FIGURES}},
    privileges=frozenset({"ALL_PRIVILEGES", "MANAGE"}),
)

BARE = PolicyFacts(
    model=make_model(),
    alias=SOUND.alias,
    candidate=VersionEvidence(
        version=make_version(7, description="", run_id=None, tags={}, metrics=())
    ),
    current=SOUND.current,
    endpoints=(),
    evaluated_at=NOW,
)
"""The same change of which nothing at all is known."""


def _decimals(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Return numbers in hundredths."""
    return st.integers(low, high).map(lambda number: Decimal(number) / 100)


def _some(*items: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), min_size=1, unique=True)


RULES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "metric": st.one_of(
        st.fixed_dictionaries(
            {"metric": st.just("precision"), "min": _decimals(0, 91)},
            optional={"max": _decimals(91, 100)},
        ),
        st.fixed_dictionaries({"metric": st.just("latency"), "max": _decimals(10000, 99999)}),
    ),
    "compare": st.fixed_dictionaries(
        {"metrics": _some("precision", "latency"), "max_drop": _decimals(0, 100)},
        optional={
            "max_drop_relative": _decimals(0, 100),
            "same_dataset": st.sampled_from(["require", "warn", "ignore"]),
        },
    ),
    "tests": st.fixed_dictionaries(
        {"required": _some(*SUITES)}, optional={"max_age": st.sampled_from(["180m", "24h", "14d"])}
    ),
    "signed tests": st.fixed_dictionaries(
        {"required": _some(*SUITES), "signed": st.just(value=True)}
    ),
    "endpoint metric": st.sampled_from(
        [
            {"metric": "success_rate", "min": Decimal("0.99")},
            {"metric": "latency_p95_ms", "max": Decimal(100)},
            {"metric": "requests", "min": Decimal(1000)},
        ]
    ).map(lambda rule: {**rule, "source": "endpoint", "window": "24h", "min_samples": 1000}),
    "soak": st.fixed_dictionaries(
        {"alias": st.just("challenger"), "min": st.sampled_from(["1h", "2d", "3d"])}
    ),
    "endpoint_health": st.just({}),
    "recent drift": st.fixed_dictionaries(
        {
            "metric": st.just("psi"),
            "max": _decimals(10, 99),
            "window": st.sampled_from(["5h", "7d"]),
        }
    ),
    "drift": st.fixed_dictionaries({"metric": st.just("psi"), "max": _decimals(10, 99)}),
    "platform_privilege": st.fixed_dictionaries(
        {"privilege": st.sampled_from(["MANAGE", "EXECUTE", "APPLY_TAG"])}
    ),
    "contents": st.fixed_dictionaries(
        {"require": _some("description", "signature", "requirements")}
    ),
    "model_card": st.fixed_dictionaries(
        {"min_chars": st.integers(1, 10)}, optional={"fields": _some(*CardField)}
    ),
    "artifacts": st.fixed_dictionaries({"required": _some("explain/", "MLmodel")}),
    "tags": st.fixed_dictionaries(
        {"required": st.sampled_from([{"team": "[a-z]+"}, {"team": "fraud", "version": "1.*"}])}
    ),
    "source": st.fixed_dictionaries(
        {
            "git_commit": st.just("required"),
            "branch": st.sampled_from(["main", "ma*"]),
            "review": st.sampled_from(["approved", "Approved"]),
            "reviewer_not_author": st.just(value=True),
        }
    ),
    "semver": st.fixed_dictionaries({"bump": st.sampled_from(["greater_than_champion", "minor"])}),
    "lineage": st.fixed_dictionaries(
        {
            "datasets": st.just(1),
            "upstream": st.sampled_from(["at_least_one", ["prod.*"], ["*payments"]]),
        },
        optional={"run": st.just("required")},
    ),
}
"""Rules of each kind that pass in the sound world; the last word is the kind."""


def kind_of(name: str) -> str:
    """Return the type of rules of one name."""
    return name.rsplit(maxsplit=1)[-1]


def check_of(name: str, rule: dict[str, Any]) -> PolicyCheck:
    """Return the check that a rule of a policy file asks for."""
    entry = _ADAPTER.validate_python({"id": "a-rule", "type": kind_of(name), **rule})
    check: PolicyCheck = entry.check(PLACE)
    return check


_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyRule)


def checks(*kinds: str) -> st.SearchStrategy[PolicyCheck]:
    """Return enforced checks of these kinds, of any kind when none is given."""
    return st.sampled_from(kinds or sorted(RULES)).flatmap(
        lambda kind: RULES[kind].map(lambda rule: check_of(kind, rule))
    )


def has_passed(check: PolicyCheck, facts: Facts) -> bool:
    """Tell whether a check passes."""
    return check.evaluate(facts).kind is OutcomeKind.PASSED
