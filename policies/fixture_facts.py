"""From a fixture's entries to the facts on which policies decide."""

from collections.abc import Mapping
from datetime import datetime, timedelta

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
from bot.domain.serving import ServedEntity, ServingEndpoint
from policies.fixtures import (
    CaseEntry,
    ContentsEntry,
    EndpointEntry,
    FiguresEntry,
    ResultEntry,
    RunEntry,
    VersionEntry,
)


def facts_of(case: CaseEntry, needs: Needs) -> PolicyFacts:
    """Return the facts of a case.

    Args:
        case: What the fixture says.
        needs: What the policies have to see: files that the fixture does not have are missing.
    """
    alias = AliasName(case.alias)
    current = None if case.current is None else _evidence(case.current, case, needs)
    aliases = {} if current is None else {alias: current.version.version}
    return PolicyFacts(
        model=RegisteredModel(name=ModelName(case.model), aliases=aliases),
        alias=alias,
        candidate=_evidence(case.candidate, case, needs),
        current=current,
        endpoints=tuple(_endpoint(entry, case) for entry in case.endpoints),
        evaluated_at=case.at,
        held_since={AliasName(name): case.at - span for name, span in case.held.items()},
        figures=_figures(case, needs),
        privileges=None if case.privileges is None else frozenset(case.privileges),
        unreadable=_unreadable(case.unreadable),
    )


def _evidence(entry: VersionEntry, case: CaseEntry, needs: Needs) -> VersionEvidence:
    run = None if entry.run is None else _run(entry.run, entry.version)
    run_id = run.run_id if run else None
    results = entry.tests
    return VersionEvidence(
        version=_version(entry, case, run_id),
        run=run,
        contents=None if entry.contents is None else _contents(entry.contents),
        tests=None
        if results is None
        else tuple(_result(result, case.at, run_id or "") for result in results),
        tests_signature=Signature(key_id=entry.tests_signed_by) if entry.tests_signed_by else None,
        files={p: entry.files.get(p) for p in {*needs.files, *needs.both_files, *entry.files}},
        artifacts={p: p in entry.artifacts for p in {*needs.artifacts, *entry.artifacts}},
        tables=tuple(sorted(entry.tables)),
        unreadable=_unreadable(entry.unreadable),
    )


def _version(entry: VersionEntry, case: CaseEntry, run_id: str | None) -> ModelVersion:
    measured = (
        Metric(
            key=m.metric,
            value=m.value,
            dataset_name=m.dataset,
            dataset_digest=m.digest,
            logged_at=None if m.age is None else case.at - m.age,
        )
        for m in entry.measured
    )
    return ModelVersion(
        name=ModelName(case.model),
        version=entry.version,
        description=entry.description,
        run_id=run_id,
        created_by=entry.created_by,
        tags=entry.tags,
        metrics=(*_metrics(entry.metrics), *measured),
        parameters=entry.parameters,
    )


def _run(entry: RunEntry, version: int) -> Run:
    return Run(
        run_id=entry.id or f"run-{version}",
        user=entry.user,
        parameters=entry.parameters,
        metrics=_metrics(entry.metrics),
        tags=entry.tags,
        datasets=tuple(
            Dataset(name=d.name, digest=d.digest, context=d.context, source=d.source)
            for d in entry.datasets
        ),
    )


def _metrics(logged: Mapping[str, float]) -> tuple[Metric, ...]:
    return tuple(Metric(key=key, value=value) for key, value in logged.items())


def _contents(entry: ContentsEntry) -> ModelContents:
    schema = "[]" if entry.signature else None
    lines = None if entry.requirements is None else tuple(entry.requirements)
    return ModelContents(inputs=schema, outputs=schema, requirements=lines)


def _result(entry: ResultEntry, now: datetime, run_id: str) -> TestResult:
    return TestResult(
        name=entry.name,
        outcome=entry.outcome,
        finished_at=now - entry.age,
        run_id=run_id if entry.run is None else entry.run,
        writer=entry.writer,
    )


def _unreadable(parts: Mapping[str, str]) -> tuple[Unreadable, ...]:
    return tuple(Unreadable(part=part, reason=reason) for part, reason in parts.items())


def _endpoint(entry: EndpointEntry, case: CaseEntry) -> ServingEndpoint:
    entities = tuple(
        ServedEntity(
            name=f"v{route.version}",
            model=ModelName(case.model),
            version=route.version,
            traffic_percentage=route.traffic,
        )
        for route in entry.serves
    )
    return ServingEndpoint(
        name=EndpointName(entry.name), is_ready=entry.ready, update=entry.update, entities=entities
    )


def _figures(case: CaseEntry, needs: Needs) -> Mapping[timedelta, Mapping[EndpointName, Figures]]:
    """Return what endpoints did, by length of time; each that is asked for is there."""
    windows = {*needs.windows, *(entry.window for entry in case.figures)}
    return {
        window: {
            EndpointName(entry.endpoint): _did(entry)
            for entry in case.figures
            if entry.window == window
        }
        for window in windows
    }


def _did(entry: FiguresEntry) -> Figures:
    latency = entry.latency_ms
    return Figures(
        requests=entry.requests,
        client_errors=entry.client_errors,
        server_errors=entry.server_errors,
        judged=entry.requests,
        latency=None if latency is None else {b.up_to: b.requests for b in latency},
    )
