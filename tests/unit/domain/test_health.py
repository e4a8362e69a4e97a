"""Which endpoints need a look, and what moved since the digest before."""

from dataclasses import replace

import pytest

from bot.domain.figures import NO_FIGURES, Figures
from bot.domain.health import (
    Champions,
    Change,
    Condition,
    EndpointHealth,
    HealthReport,
    Standing,
    changes_between,
    health_of,
    standings_of,
)
from bot.domain.names import EndpointName, ModelName
from bot.domain.serving import EndpointUpdate, ServingEndpoint
from tests.builders import ENDPOINT, MODEL, NOW, make_endpoint, make_entity

RULES = ModelName("prod.fraud.rules")
V6: Champions = {MODEL: 6}


def health(
    endpoint: ServingEndpoint | None = None,
    champions: Champions = V6,
    figures: Figures = NO_FIGURES,
) -> EndpointHealth:
    return health_of(endpoint or make_endpoint(), champions, figures)


def failing(errors: int, of: int) -> Figures:
    return Figures(requests=of, server_errors=errors, judged=of)


@pytest.mark.parametrize(
    ("endpoint", "condition"),
    [
        (make_endpoint(), Condition.READY),
        (make_endpoint(is_ready=False), Condition.NOT_READY),
        (make_endpoint(update=EndpointUpdate.IN_PROGRESS), Condition.UPDATING),
        (make_endpoint(update=EndpointUpdate.FAILED), Condition.UPDATE_FAILED),
        (make_endpoint(update=EndpointUpdate.CANCELED), Condition.UPDATE_CANCELED),
    ],
)
def test_a_condition_is_one_word(endpoint: ServingEndpoint, condition: Condition) -> None:
    assert health(endpoint).condition is condition


def test_an_endpoint_that_serves_its_champion_is_well() -> None:
    assert health().reasons == ()
    assert health(make_endpoint(entities=(make_entity(6, state="CREATING"),))).reasons == ()
    assert health(make_endpoint(update=EndpointUpdate.IN_PROGRESS)).reasons == ()


def test_an_endpoint_without_figures_or_with_an_unknown_champion_is_not_known_to_be_well() -> None:
    measured = Figures(requests=0)
    assert health(figures=measured).is_known
    assert health(figures=measured, champions={MODEL: None}).is_known
    assert not health(figures=measured, champions={}).is_known
    assert not health().is_known


@pytest.mark.parametrize("champions", [{}, {MODEL: None}])
def test_without_a_known_champion_there_is_no_skew(champions: Champions) -> None:
    assert health(champions=champions).reasons == ()


def test_another_version_than_the_champion_needs_a_look() -> None:
    assert health(champions={MODEL: 7}).reasons == ("serves v6, champion is v7",)


def test_a_champion_among_several_versions_is_no_skew() -> None:
    entities = (
        make_entity(6, traffic_percentage=90),
        make_entity(7, traffic_percentage=10, name="scorer-7"),
    )
    assert health(make_endpoint(entities=entities)).reasons == ()


def test_a_champion_that_gets_no_requests_is_skew() -> None:
    entities = (
        make_entity(6, traffic_percentage=0),
        make_entity(7, traffic_percentage=100, name="scorer-7"),
    )
    assert health(make_endpoint(entities=entities)).reasons == ("serves v6, v7, champion is v6",)


def test_where_traffic_is_not_known_any_version_may_be_the_one() -> None:
    entities = (make_entity(6, traffic_percentage=0),)
    assert health(make_endpoint(entities=entities)).reasons == ()


def test_of_several_models_the_skewed_one_is_named() -> None:
    entities = (make_entity(6), make_entity(1, model=RULES, name="rules-1"))
    seen = health(make_endpoint(entities=entities), {MODEL: 6, RULES: 2})
    assert seen.reasons == ("serves rules v1, champion is v2",)


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        (make_endpoint(is_ready=False), "not ready"),
        (make_endpoint(update=EndpointUpdate.FAILED), "its latest update failed"),
        (
            make_endpoint(
                update=EndpointUpdate.FAILED,
                pending=(make_entity(7, state="FAILED", message="out of memory"),),
            ),
            "its latest update failed: out of memory",
        ),
        (make_endpoint(entities=(make_entity(6, state="RECOVERING"),)), "scorer-6 is recovering"),
    ],
)
def test_a_broken_endpoint_needs_a_look(endpoint: ServingEndpoint, reason: str) -> None:
    assert health(endpoint).reasons == (reason,)


@pytest.mark.parametrize(
    ("errors", "of", "reasons"),
    [
        (1, 20, ("1 of 20 requests ended with a server error",)),
        (1, 19, ()),
        (1, 100, ()),
        (0, 5000, ()),
        (60, 5000, ("60 of 5,000 requests ended with a server error",)),
    ],
)
def test_more_than_one_error_in_a_hundred_needs_a_look(
    errors: int, of: int, reasons: tuple[str, ...]
) -> None:
    assert health(figures=failing(errors, of)).reasons == reasons


def test_a_report_names_those_that_need_a_look() -> None:
    bad = health(champions={MODEL: 7})
    report = HealthReport(since=NOW, at=NOW, endpoints=(health(), bad))
    assert report.needing_a_look == (bad,)


STOOD = Standing(endpoint=ENDPOINT, model=MODEL, versions=(6,), champion=6)


def test_a_digest_remembers_what_it_knew() -> None:
    assert standings_of([health()]) == (STOOD,)
    assert standings_of([health(champions={})]) == ()


def test_nothing_moved_is_no_change() -> None:
    assert changes_between([STOOD], [STOOD]) == ()


def test_served_version_and_champion_are_told_apart() -> None:
    now = replace(STOOD, versions=(6, 7), champion=None)
    assert changes_between([STOOD], [now]) == (
        Change(model=MODEL, endpoint=ENDPOINT, before=(6,), after=(6, 7)),
        Change(model=MODEL, before=(6,), after=()),
    )


def test_a_champion_behind_two_endpoints_moved_once() -> None:
    both = [STOOD, replace(STOOD, endpoint=EndpointName("eu"))]
    moved = [replace(each, champion=7) for each in both]
    assert changes_between(both, moved) == (Change(model=MODEL, before=(6,), after=(7,)),)


def test_endpoints_that_one_digest_does_not_know_are_left_out() -> None:
    assert changes_between([], [STOOD]) == ()
    assert changes_between([STOOD], []) == ()


def test_why_figures_are_missing_is_kept_for_people() -> None:
    told = health_of(make_endpoint(), V6, NO_FIGURES, "no permission")
    assert (told.no_data, health().no_data) == ("no permission", "")
