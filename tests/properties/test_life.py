"""Whatever people click and the world does, requests end well and the record tells all of it.

Each kind of life is tried few times by itself, since Hypothesis varies its first ten examples only,
and mutates them afterwards.
"""

from hypothesis import HealthCheck, Phase, event, given, settings

from tests.properties.census import WAYS, census
from tests.properties.courses import Act, courses, live

few = settings(
    max_examples=max(10, settings().max_examples // 10),
    suppress_health_check=list(HealthCheck),
    phases=set(Phase) - {Phase.explain},
)


def lived(course: list[Act], *, is_thorough: bool = False) -> None:
    life = live(course, is_thorough=is_thorough)
    ways = census(life.trails)
    assert ways <= WAYS
    for found in ways | set(life.answers):
        event(found)


@few
@given(courses(execute=1, trouble=3, an_alias_moves=2, an_endpoint_changes=1, time_passes=2))
def test_what_is_under_way_ends_well_in_a_troubled_world(course: list[Act]) -> None:
    lived(course, is_thorough=True)


@few
@given(
    courses(
        press=9,
        release=1,
        lead_on=1,
        two_people_act_at_once=2,
        an_account_changes=2,
        policies_change=2,
        a_job_runs=2,
    )
)
def test_every_word_counts_once_and_where_it_was_said(course: list[Act]) -> None:
    lived(course)


@few
@given(
    courses(
        release=2,
        time_passes=4,
        a_job_runs=4,
        somebody_freezes=3,
        something_goes=2,
        it_comes_back=1,
    )
)
def test_what_waits_is_not_forgotten(course: list[Act]) -> None:
    lived(course)


@few
@given(
    courses(
        a_challenger_comes=4,
        policies_propose=2,
        a_version_is_tagged=1,
        policies_change=2,
        an_auditor_asks=2,
        time_passes=2,
    )
)
def test_what_policies_propose_is_told_as_what_people_ask(course: list[Act]) -> None:
    lived(course)
