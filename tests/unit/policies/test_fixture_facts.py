"""Every word of a fixture becomes the fact that it names."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.evidence import (
    Needs,
    PolicyFacts,
    Signature,
    TestResult,
    Unreadable,
    VersionEvidence,
)
from bot.domain.figures import Figures
from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.registry import Dataset, Metric, ModelContents, ModelVersion, RegisteredModel, Run
from bot.domain.serving import EndpointUpdate, ServedEntity, ServingEndpoint
from policies.fixture_facts import facts_of
from policies.fixtures import LONG_AGO, CaseEntry

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
MODEL, CHAMPION = ModelName("prod.fraud.scorer"), AliasName("champion")
LEAST: dict[str, Any] = {
    "name": "least",
    "model": MODEL,
    "alias": "champion",
    "candidate": {"version": 7},
    "expect": {"verdict": "denied"},
}
WHOLE: dict[str, Any] = {
    **LEAST,
    "at": "2026-03-02T09:30:00Z",
    "candidate": {
        "version": 7,
        "description": "Better",
        "created_by": "ada",
        "tags": {"team": "fraud"},
        "parameters": {"depth": "6"},
        "metrics": {"recall": Decimal("0.5")},
        "measured": [
            {"metric": "precision", "value": 1, "dataset": "eval", "digest": "d1", "age": "1h"}
        ],
        "run": {
            "id": "abc",
            "user": "bea",
            "tags": {"branch": "main"},
            "parameters": {"rate": "0.1"},
            "metrics": {"loss": "nan"},
            "datasets": [{"name": "cards", "digest": "d2", "context": "train", "source": "a.b.c"}],
        },
        "contents": {"signature": False, "requirements": ["numpy"]},
        "tests": [
            {"name": "unit"},
            {"name": "load", "outcome": "failed", "age": "24h", "run": "other", "writer": "ci"},
        ],
        "tests_signed_by": "key-1",
        "files": {"notes.md": "text"},
        "artifacts": ["report.txt"],
        "tables": ["b.b.b", "a.a.a"],
        "unreadable": {"contents": "no answer"},
    },
    "current": {"version": 6},
    "endpoints": [
        {
            "name": "fraud",
            "ready": False,
            "update": "in_progress",
            "serves": [{"version": 6, "traffic": 90}],
        }
    ],
    "figures": [
        {
            "endpoint": "fraud",
            "window": "24h",
            "requests": 9,
            "server_errors": 1,
            "client_errors": 2,
            "latency_ms": [{"up_to": "inf", "requests": 8}],
        },
        {"endpoint": "fraud", "window": "1h", "requests": 3},
    ],
    "held": {"challenger": "1h"},
    "privileges": ["EXECUTE"],
    "unreadable": {"privileges": "no rights"},
}
NEEDS = Needs(
    files=frozenset({"card.md"}),
    both_files=frozenset({"answers.json"}),
    artifacts=frozenset({"plots/"}),
    windows=frozenset({7 * DAY}),
)


def facts(case: dict[str, Any], needs: Needs) -> PolicyFacts:
    return facts_of(CaseEntry.model_validate(case), needs)


def bare(number: int, **fields: Any) -> VersionEvidence:
    """Return what is known of a version of which the fixture says its number."""
    return VersionEvidence(
        version=ModelVersion(name=MODEL, version=number, run_id=f"run-{number}"),
        run=Run(run_id=f"run-{number}"),
        **fields,
    )


def test_what_a_case_leaves_out_is_unknown() -> None:
    assert facts(LEAST, Needs()) == PolicyFacts(
        model=RegisteredModel(name=MODEL),
        alias=CHAMPION,
        candidate=bare(7),
        current=None,
        endpoints=(),
        evaluated_at=LONG_AGO,
    )


def test_version_may_come_from_no_run_and_still_have_tests() -> None:
    lone: dict[str, Any] = {"version": 7, "run": None, "tests": [{"name": "unit"}], "contents": {}}
    candidate = facts({**LEAST, "candidate": lone}, Needs()).candidate
    assert (candidate.run, candidate.version.run_id) == (None, None)
    assert candidate.contents == ModelContents(inputs="[]", outputs="[]", requirements=None)
    assert candidate.tests == (
        TestResult(name="unit", outcome="passed", finished_at=LONG_AGO - HOUR, run_id=""),
    )


def test_facts_about_the_change_are_those_of_the_case() -> None:
    found = facts(WHOLE, NEEDS)
    assert found.model == RegisteredModel(name=MODEL, aliases={CHAMPION: 6})
    assert found.current == bare(
        6, files={"card.md": None, "answers.json": None}, artifacts={"plots/": False}
    )
    assert found.evaluated_at == AT
    assert found.held_since == {AliasName("challenger"): AT - HOUR}
    assert found.privileges == frozenset({"EXECUTE"})
    assert found.unreadable == (Unreadable(part="privileges", reason="no rights"),)


def test_endpoints_and_what_they_did_are_those_of_the_case() -> None:
    found = facts(WHOLE, NEEDS)
    fraud = EndpointName("fraud")
    routed = ServedEntity(name="v6", model=MODEL, version=6, traffic_percentage=90)
    assert found.endpoints == (
        ServingEndpoint(
            name=fraud, is_ready=False, update=EndpointUpdate.IN_PROGRESS, entities=(routed,)
        ),
    )
    assert found.figures == {
        DAY: {
            fraud: Figures(
                requests=9,
                client_errors=2,
                server_errors=1,
                judged=9,
                latency={float("inf"): 8},
            )
        },
        HOUR: {fraud: Figures(requests=3, client_errors=0, server_errors=0, judged=3)},
        7 * DAY: {},
    }


def test_version_is_as_the_case_describes_it() -> None:
    version = facts(WHOLE, NEEDS).candidate.version
    measured = Metric(
        key="precision",
        value=1.0,
        dataset_name="eval",
        dataset_digest="d1",
        logged_at=AT - HOUR,
    )
    assert version == ModelVersion(
        name=MODEL,
        version=7,
        description="Better",
        run_id="abc",
        created_by="ada",
        tags={"team": "fraud"},
        metrics=(Metric(key="recall", value=0.5), measured),
        parameters={"depth": "6"},
    )


def test_run_is_as_the_case_describes_it() -> None:
    run = facts(WHOLE, NEEDS).candidate.run
    assert run is not None
    assert (run.run_id, run.user) == ("abc", "bea")
    assert (run.tags, run.parameters) == ({"branch": "main"}, {"rate": "0.1"})
    assert [metric.key for metric in run.metrics] == ["loss"]
    assert run.datasets == (Dataset(name="cards", digest="d2", context="train", source="a.b.c"),)


def test_evidence_beside_version_and_run_is_as_the_case_describes_it() -> None:
    candidate = facts(WHOLE, NEEDS).candidate
    assert candidate.contents == ModelContents(inputs=None, outputs=None, requirements=("numpy",))
    assert candidate.tests == (
        TestResult(name="unit", outcome="passed", finished_at=AT - HOUR, run_id="abc"),
        TestResult(
            name="load", outcome="failed", finished_at=AT - DAY, run_id="other", writer="ci"
        ),
    )
    assert candidate.tests_signature == Signature(key_id="key-1")
    assert candidate.files == {"card.md": None, "answers.json": None, "notes.md": "text"}
    assert candidate.artifacts == {"plots/": False, "report.txt": True}
    assert candidate.tables == ("a.a.a", "b.b.b")
    assert candidate.unreadable == (Unreadable(part="contents", reason="no answer"),)
