"""Facts and checks for the tests of policies: scorer v7 is to take the place of champion v6."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.domain.evidence import PolicyFacts, TestResult, Unreadable, VersionEvidence
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.policy import Severity
from bot.domain.registry import Metric, ModelContents
from policies.compare import CompareCheck
from policies.contents import ContentsCheck, Part
from policies.metric import MetricCheck
from policies.passed_tests import PassedTestsCheck
from policies.tolerance import Tolerance
from tests.builders import NOW, make_facts, make_run, make_version

PRECISION = MetricDefinition(
    name="precision", direction=Direction.HIGHER, unit="ratio", aliases=("eval/precision",)
)
LATENCY = MetricDefinition(name="latency_p95_ms", direction=Direction.LOWER, unit="ms")
RULE: dict[str, Any] = {"id": "rule", "policy": "baseline", "severity": Severity.ENFORCE}


def evidence(number: int = 7, metrics: Iterable[Metric] = (), **fields: Any) -> VersionEvidence:
    built = VersionEvidence(
        version=make_version(number, metrics=tuple(metrics)), run=make_run(f"run-{number}")
    )
    return replace(built, **fields)


def facts(candidate: VersionEvidence, current: VersionEvidence | None = None) -> PolicyFacts:
    return make_facts(candidate=candidate, current=current)


def unreadable(part: str) -> tuple[Unreadable, ...]:
    return (Unreadable(part=part, reason="no answer in 10 s"),)


def logged(value: Any, digest: str | None = "d1", key: str = "precision") -> Metric:
    name = f"holdout-{digest}" if digest else None
    return Metric(key=key, value=value, dataset_name=name, dataset_digest=digest)


def metric_check(
    metric: MetricDefinition = PRECISION, *, minimum: str | None = None, maximum: str | None = None
) -> MetricCheck:
    return MetricCheck(**RULE, metric=metric, minimum=_decimal(minimum), maximum=_decimal(maximum))


def compare_check(*metrics: MetricDefinition, **fields: Any) -> CompareCheck:
    tolerance = Tolerance(
        max_drop=_decimal(fields.pop("max_drop", None)),
        max_drop_relative=_decimal(fields.pop("max_drop_relative", None)),
    )
    return CompareCheck(**RULE, metrics=metrics or (PRECISION,), tolerance=tolerance, **fields)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def suites_check(*required: str, **fields: Any) -> PassedTestsCheck:
    return PassedTestsCheck(**RULE, required=required or ("unit",), **fields)


def result(name: str = "unit", outcome: str = "passed", **fields: Any) -> TestResult:
    built = TestResult(
        name=name, outcome=outcome, finished_at=NOW - timedelta(hours=3), run_id="run-7"
    )
    return replace(built, **fields)


def contents_check(*required: Part) -> ContentsCheck:
    return ContentsCheck(**RULE, required=required or tuple(Part))


CONTENTS = ModelContents(inputs="[]", outputs="[]", requirements=("scikit-learn",))
