"""Answers about endpoints and their health, in every state."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.figures import NO_FIGURES, Figures, Sample, figures_of
from bot.domain.health import (
    Change,
    EndpointHealth,
    EndpointList,
    EndpointSheet,
    HealthReport,
    Waiting,
    health_of,
)
from bot.domain.names import CardKey, EndpointName, ModelName, RequestId
from bot.domain.serving import EndpointUpdate, ServingEndpoint
from bot.views.render import Answer
from tests.builders import MODEL, NOW, REQUESTER, make_endpoint, make_entity

RULES = ModelName("prod.fraud.rules")
MANY = 130
BUSY = Figures(
    requests=12_345,
    client_errors=7,
    server_errors=25,
    judged=12_345,
    latency={50.0: 10_000, 100.0: 2_345},
)
SLOW = Figures(requests=30, server_errors=0, judged=30, latency={math.inf: 3, 600_000.0: 27})
IDLE = Figures(requests=0, client_errors=0, server_errors=0, latency={})
SILENT = "its metrics page shows no requests and no latency"


def health(
    endpoint: ServingEndpoint | None = None,
    figures: Figures = BUSY,
    champion: int | None = 6,
    no_data: str = "",
) -> EndpointHealth:
    """Return an endpoint of the scorer, well unless told otherwise."""
    return health_of(endpoint or make_endpoint(), {MODEL: champion, RULES: 1}, figures, no_data)


def named(name: str, **fields: Any) -> ServingEndpoint:
    """Return an endpoint of another name."""
    return make_endpoint(name=EndpointName(name), **fields)


SHARED = named(
    "fraud-shared",
    entities=(
        make_entity(6, traffic_percentage=50),
        make_entity(2, model=RULES, name="rules-2", traffic_percentage=50),
    ),
)
BROKEN = named(
    "eu-scorer",
    update=EndpointUpdate.FAILED,
    pending=(
        make_entity(7, name="scorer-7", state="FAILED", message="<!channel> out of memory"),
        make_entity(8, name="scorer-8", state="ABORTED"),
    ),
)
EXTERNAL = named("chat", entities=(make_entity(None, name="gpt", model=None),), is_ready=False)
UNKNOWN = replace(
    health(named("us-scorer"), NO_FIGURES, no_data=SILENT),
    models=tuple(replace(m, champion=None, is_champion_known=False) for m in health().models),
)
WHOLE = (
    health(),
    health(SHARED, IDLE),
    health(BROKEN, SLOW),
    health(EXTERNAL, NO_FIGURES, no_data=SILENT),
    UNKNOWN,
)
REPORT = HealthReport(
    since=NOW - timedelta(days=1),
    at=NOW,
    endpoints=WHOLE,
    changes=(
        Change(
            model=MODEL,
            endpoint=EndpointName("fraud-scorer"),
            before=(5,),
            after=(6,),
            request=RequestId(1042),
        ),
        Change(model=MODEL, before=(5,), after=()),
    ),
    waiting=Waiting(total=2, oldest=NOW - timedelta(hours=26)),
    unread=("ranker: The serving platform: no answer within 10 s",),
    key=CardKey("k" * 22),
)
CROWD = tuple(health(named(f"scorer-{number:03}"), champion=7) for number in range(MANY))


def sample(**fields: Any) -> Sample:
    """Return a sample of the last minute."""
    known = Sample(endpoint=EndpointName("fraud-scorer"), since=NOW - timedelta(minutes=1), at=NOW)
    return replace(known, **fields)


LATEST = sample(requests=40, client_errors=0, server_errors=0, latency={5.0: 0, 10.0: 40})

HEALTH_ANSWERS: dict[str, Answer] = {
    "endpoints": EndpointList(
        words=("fraud",), endpoints=WHOLE, total=7, unread=("ranker: no answer",)
    ),
    "endpoints_one": EndpointList(words=(), endpoints=(health(),), total=1),
    "endpoints_none": EndpointList(words=("iris",), endpoints=(), total=0),
    "endpoints_none_at_all": EndpointList(words=(), endpoints=(), total=0),
    "endpoints_crowd": EndpointList(words=(), endpoints=CROWD, total=500),
    "endpoint": EndpointSheet(
        health=health(figures=figures_of(LATEST)),
        latest=LATEST,
        open_requests={MODEL: RequestId(1042)},
    ),
    "endpoint_broken": EndpointSheet(health=health(BROKEN), latest=sample(problem=SILENT)),
    "endpoint_external": EndpointSheet(health=health(EXTERNAL), latest=sample(requests=0)),
    "health": REPORT,
    "health_shared": replace(REPORT, key=None, shared_by=REQUESTER, words=("fraud",)),
    "health_well": HealthReport(since=NOW, at=NOW, endpoints=(health(),), changes=()),
    "health_none": HealthReport(since=NOW, at=NOW, endpoints=(), words=("iris",)),
    "health_unread": HealthReport(since=NOW, at=NOW, endpoints=(), unread=REPORT.unread),
    "health_crowd": HealthReport(
        since=NOW,
        at=NOW,
        endpoints=CROWD,
        changes=tuple(
            Change(model=MODEL, endpoint=each.endpoint.name, before=(5,), after=(6,))
            for each in CROWD
        ),
        waiting=Waiting(total=1, oldest=NOW),
    ),
}
