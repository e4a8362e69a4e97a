from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Command, Help
from bot.domain.evidence import NOTHING_MORE, Needs, Unreadable, VersionEvidence, is_own_tag
from bot.domain.metrics import Direction, MetricDefinition, exact
from bot.domain.names import AliasName
from bot.domain.people import Action
from bot.domain.registry import CaseVariant, ModelContents, case_variant
from bot.domain.serving import EndpointUpdate, routes, traffic_of
from tests.builders import (
    MODEL,
    make_endpoint,
    make_entity,
    make_facts,
    make_metric,
    make_model,
    make_route,
    make_run,
    make_version,
    make_version_evidence,
)

CHAMPION = AliasName("champion")
RECALL = MetricDefinition(name="recall", direction=Direction.HIGHER, aliases=("tpr",))
LATENCY = MetricDefinition(name="latency", direction=Direction.LOWER)


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("validation_status", True),
        ("herald.request", True),
        ("heraldry", False),
        ("team", False),
    ],
)
def test_heralds_own_tags_are_known(key: str, *, own: bool) -> None:
    assert is_own_tag(key) is own


def test_metrics_of_the_model_hide_those_of_its_run_under_the_same_name() -> None:
    evidence = VersionEvidence(
        version=make_version(metrics=(make_metric("auc", 0.9),)),
        run=make_run(metrics=(make_metric("auc", 0.1), make_metric("recall", 0.8))),
    )
    assert evidence.metrics() == (make_metric("auc", 0.9), make_metric("recall", 0.8))


def test_parameters_of_the_model_hide_those_of_its_run() -> None:
    evidence = VersionEvidence(
        version=make_version(parameters={"depth": "9"}),
        run=make_run(parameters={"depth": "6", "trees": "10"}),
    )
    assert evidence.parameters() == {"depth": "9", "trees": "10"}


def test_version_without_run_has_its_own_facts_only() -> None:
    evidence = VersionEvidence(version=make_version(metrics=(), parameters={"depth": "9"}))
    assert (evidence.metrics(), evidence.parameters()) == ((), {"depth": "9"})


def test_unreadable_part_says_why() -> None:
    evidence = make_version_evidence(unreadable=(Unreadable(part="run", reason="no permission"),))
    assert evidence.why_unreadable("run") == "no permission"
    assert evidence.why_unreadable("tests") is None


def test_unreadable_part_of_all_the_facts_says_why() -> None:
    facts = make_facts(
        unreadable=(
            Unreadable(part="privileges", reason="no permission"),
            Unreadable(part="figures", reason="no answer"),
        )
    )
    assert facts.why_unreadable("figures") == "no answer"
    assert facts.why_unreadable("held") is None


A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
ONE = Needs(
    files=frozenset({"a.txt"}),
    both_files=frozenset({"b.txt"}),
    artifacts=frozenset({"c/"}),
    held=frozenset({CHAMPION}),
    windows=frozenset({A_DAY}),
    privileges=True,
    tables=True,
)
OTHER = Needs(
    files=frozenset({"x.txt"}),
    both_files=frozenset({"y.txt"}),
    artifacts=frozenset({"z/"}),
    held=frozenset({AliasName("beta")}),
    windows=frozenset({A_WEEK}),
)


def test_needs_of_two_checks_are_all_that_either_has_to_see() -> None:
    both = ONE | OTHER
    assert both == Needs(
        files=frozenset({"a.txt", "x.txt"}),
        both_files=frozenset({"b.txt", "y.txt"}),
        artifacts=frozenset({"c/", "z/"}),
        held=frozenset({CHAMPION, AliasName("beta")}),
        windows=frozenset({A_DAY, A_WEEK}),
        privileges=True,
        tables=True,
    )


@pytest.mark.parametrize("needs", [ONE, OTHER])
def test_a_check_that_needs_nothing_more_adds_nothing(needs: Needs) -> None:
    assert needs | NOTHING_MORE == needs == NOTHING_MORE | needs


def test_first_release_has_no_present_version() -> None:
    assert make_facts(current=None).is_first_release
    assert not make_facts().is_first_release


def test_metric_is_found_under_each_of_its_names_in_logged_order() -> None:
    logged = (make_metric("tpr"), make_metric("auc"), make_metric("recall"))
    assert RECALL.values_in(logged) == (logged[0], logged[2])


@given(st.integers(), st.integers())
def test_loss_of_one_direction_is_gain_of_the_other(before: int, after: int) -> None:
    one, two = Decimal(before), Decimal(after)
    assert RECALL.loss(one, two) == one - two == -LATENCY.loss(one, two)


def test_exact_number_is_the_one_that_people_read() -> None:
    assert exact(0.1) == Decimal("0.1")
    assert exact(7) == Decimal(7)


@pytest.mark.parametrize("value", [True, "0.9", None, float("nan"), float("inf")])
def test_what_is_no_finite_number_has_no_exact_value(value: object) -> None:
    assert exact(value) is None


@pytest.mark.parametrize("found", ["Champion", "CHAMPION"])
def test_case_variant_is_found(found: str) -> None:
    model = make_model(aliases={AliasName(found): 1, AliasName("beta"): 2})
    assert case_variant(model, CHAMPION) == CaseVariant(found=AliasName(found), configured=CHAMPION)


def test_configured_alias_is_no_variant_of_itself() -> None:
    assert case_variant(make_model(aliases={CHAMPION: 1}), CHAMPION) is None


def test_variant_beside_the_configured_alias_is_found() -> None:
    model = make_model(aliases={CHAMPION: 1, AliasName("Champion"): 2})
    assert case_variant(model, CHAMPION) is not None


def test_routes_are_those_of_one_model_by_entity_name() -> None:
    entities = (
        make_entity(7, traffic_percentage=10),
        make_entity(6, traffic_percentage=40),
        make_entity(1, model="prod.fraud.rules", traffic_percentage=50),
        make_entity(None, model=None, traffic_percentage=0),
        make_entity(None, traffic_percentage=0),
    )
    assert routes(MODEL, entities) == (make_route(6, 40), make_route(7, 10))
    assert traffic_of(routes(MODEL, entities)) == 50


def test_endpoint_tells_present_from_pending_routes() -> None:
    endpoint = make_endpoint(pending=(make_entity(7),))
    assert endpoint.routes_of(MODEL) == (make_route(6),)
    assert endpoint.pending_routes_of(MODEL) == (make_route(7),)


def test_failure_is_the_platforms_first_reason() -> None:
    endpoint = make_endpoint(
        update=EndpointUpdate.FAILED,
        pending=(
            make_entity(1, message="all well"),
            make_entity(7, state="FAILED"),
            make_entity(8, state="FAILED", message="out of memory"),
            make_entity(9, state="FAILED", message="later"),
        ),
    )
    assert endpoint.failure() == "out of memory"


def test_failure_without_a_reason_is_empty() -> None:
    assert make_endpoint(pending=(make_entity(7, state="FAILED"),)).failure() == ""


def test_help_for_all_selects_no_command() -> None:
    command = Command(
        name="list", arguments="[WORDS]", help="Models", example="list", action=Action.READ
    )
    assert Help(slash="/model", commands=(command,)).selected is None


def test_packages_are_the_requirements_without_blank_lines_and_comments() -> None:
    contents = ModelContents(requirements=("numpy==2.1", " ", "# pinned", "  scipy  ", "a # b"))
    assert contents.packages == ("numpy==2.1", "scipy", "a # b")
    assert ModelContents().packages == ()
