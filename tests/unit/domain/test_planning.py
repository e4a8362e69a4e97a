from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.planning import plan_change, skew
from bot.domain.policy import ChangeKind
from bot.domain.refusal import Refusal
from bot.domain.serving import EndpointUpdate, Route, ServedEntity, ServingEndpoint, traffic_of
from tests.builders import (
    ARCHIVED,
    CHALLENGER,
    CHAMPION,
    MODEL,
    NAMES,
    make_endpoint,
    make_entity,
    make_facts,
    make_model,
    make_plan,
    make_version,
    make_version_evidence,
)

RULES = ModelName("prod.fraud.rules")
BETA = AliasName("beta")

FEW = settings(max_examples=25)
"""A world takes long to draw."""


def planned(facts: PolicyFacts, kind: ChangeKind = ChangeKind.PROMOTE) -> Plan:
    plan = plan_change(kind, facts, NAMES)
    assert isinstance(plan, Plan), plan
    return plan


def refused(facts: PolicyFacts) -> Refusal:
    refusal = plan_change(ChangeKind.PROMOTE, facts, NAMES)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def facts_with(*entities: ServedEntity, **fields: Any) -> PolicyFacts:
    return make_facts(endpoints=(make_endpoint(entities=entities, **fields),))


def unregistered(version: int) -> VersionEvidence:
    return VersionEvidence(version=make_version(version, is_ready=False))


def neighbour(name: str = "rules-1", share: int = 50) -> ServedEntity:
    return ServedEntity(name=name, model=RULES, version=1, traffic_percentage=share)


def endpoint_change(facts: PolicyFacts) -> EndpointChange:
    (change,) = planned(facts).endpoints
    return change


def aliases(**versions: int) -> dict[AliasName, int]:
    return {AliasName(alias): version for alias, version in versions.items()}


def test_promotion_changes_endpoint_then_archived_champion_challenger() -> None:
    assert planned(make_facts()) == make_plan()


def test_promotion_leaves_a_challenger_that_is_another_version() -> None:
    facts = make_facts(model=make_model(aliases=aliases(champion=6, challenger=9)))
    moved = [change.alias for change in planned(facts).aliases]
    assert moved == [ARCHIVED, CHAMPION]


def test_archived_is_made_when_there_is_none() -> None:
    facts = make_facts(model=make_model(aliases=aliases(champion=6)))
    assert planned(facts).aliases[0] == AliasChange(alias=ARCHIVED, before=None, after=6)


def test_archived_that_names_the_champion_already_is_not_written() -> None:
    facts = make_facts(model=make_model(aliases=aliases(champion=6, archived=6)))
    assert planned(facts).aliases == (AliasChange(alias=CHAMPION, before=6, after=7),)


def test_rollback_archives_the_version_that_left_and_keeps_the_challenger() -> None:
    facts = make_facts(
        candidate=make_version_evidence(5),
        model=make_model(aliases=aliases(champion=6, challenger=5, archived=5)),
    )
    assert planned(facts, ChangeKind.ROLL_BACK).aliases == (
        AliasChange(alias=ARCHIVED, before=5, after=6),
        AliasChange(alias=CHAMPION, before=6, after=5),
    )


def test_first_release_archives_nothing_and_has_no_way_back() -> None:
    facts = make_facts(current=None, model=make_model(aliases={}), endpoints=())
    plan = planned(facts)
    assert plan.aliases == (AliasChange(alias=CHAMPION, before=None, after=7),)
    assert plan.way_back is None


def test_way_back_is_the_present_version() -> None:
    assert planned(make_facts()).way_back == 6


def test_model_without_endpoint_changes_aliases_only() -> None:
    plan = planned(make_facts(endpoints=()))
    assert plan.endpoints == ()
    assert plan.aliases == make_plan().aliases


def test_other_alias_touches_neither_endpoint_nor_other_aliases() -> None:
    plan = planned(make_facts(alias=BETA, current=None))
    assert plan.endpoints == ()
    assert plan.aliases == (AliasChange(alias=BETA, before=None, after=7),)


def test_other_alias_has_its_own_present_version_as_way_back() -> None:
    facts = make_facts(
        alias=BETA,
        current=make_version_evidence(3),
        model=make_model(aliases=aliases(champion=6, beta=3)),
    )
    plan = planned(facts)
    assert plan.aliases == (AliasChange(alias=BETA, before=3, after=7),)
    assert plan.way_back == 3


def test_several_endpoints_change_in_name_order() -> None:
    names = [EndpointName("b"), EndpointName("c"), EndpointName("a")]
    facts = make_facts(endpoints=tuple(make_endpoint(name=name) for name in names))
    assert [change.endpoint for change in planned(facts).endpoints] == ["a", "b", "c"]


def test_endpoint_that_serves_the_candidate_already_is_not_written() -> None:
    assert planned(facts_with(make_entity(7))).endpoints == ()


def test_endpoint_that_serves_the_candidate_under_another_name_is_not_written() -> None:
    assert planned(facts_with(make_entity(7, name="live"))).endpoints == ()


def test_skewed_endpoint_has_what_it_serves_as_before() -> None:
    assert endpoint_change(facts_with(make_entity(4))).before == (
        Route(version=4, traffic_percentage=100, entity="scorer-4"),
    )


def test_endpoint_of_which_only_a_failed_update_names_the_model_is_not_written() -> None:
    facts = facts_with(
        neighbour(share=100), pending=(make_entity(6),), update=EndpointUpdate.FAILED
    )
    assert planned(facts).endpoints == ()


def test_shared_endpoint_keeps_the_share_and_names_its_neighbours() -> None:
    change = endpoint_change(facts_with(make_entity(6, traffic_percentage=50), neighbour()))
    assert change.after == (Route(version=7, traffic_percentage=50, entity="scorer-7"),)
    assert change.shared_with == (RULES,)


def test_external_model_on_the_endpoint_is_no_neighbour_to_name() -> None:
    external = ServedEntity(name="chat", model=None, version=None, traffic_percentage=50)
    change = endpoint_change(facts_with(make_entity(6, traffic_percentage=50), external))
    assert change.shared_with == ()


def test_split_between_own_versions_is_joined() -> None:
    before = (make_entity(5, traffic_percentage=10), make_entity(6, traffic_percentage=90))
    change = endpoint_change(facts_with(*before))
    assert change.after == (Route(version=7, traffic_percentage=100, entity="scorer-7"),)
    assert [route.traffic_percentage for route in change.before] == [10, 90]


@pytest.mark.parametrize(
    ("taken", "chosen"),
    [
        (["rules-1"], "scorer-7"),
        (["scorer-7"], "prod-fraud-scorer-7"),
        (["scorer-7", "prod-fraud-scorer-7"], "prod-fraud-scorer-7-2"),
        (["scorer-7", "prod-fraud-scorer-7", "prod-fraud-scorer-7-2"], "prod-fraud-scorer-7-3"),
    ],
)
def test_entity_name_keeps_clear_of_neighbours(taken: list[str], chosen: str) -> None:
    neighbours = [neighbour(name, share=0) for name in taken]
    (route,) = endpoint_change(facts_with(make_entity(6), *neighbours)).after
    assert route.entity == chosen


def test_own_entity_does_not_take_its_name_away() -> None:
    (route,) = endpoint_change(facts_with(make_entity(6, name="scorer-7"))).after
    assert route.entity == "scorer-7"


def test_version_that_is_champion_already_is_refused() -> None:
    refusal = refused(make_facts(candidate=make_version_evidence(6)))
    assert refusal.what == "scorer v6 cannot be proposed"
    assert refusal.reasons == ("it is champion already",)
    assert refusal.remedies == ("See what stands: `/model show scorer`",)


@pytest.mark.parametrize("variant", ["Champion", "ARCHIVED", "Challenger"])
def test_alias_that_differs_only_by_case_is_refused(variant: str) -> None:
    refusal = refused(make_facts(current=None, model=make_model(aliases=aliases(**{variant: 1}))))
    assert refusal.reasons == (
        (
            f"the model has an alias `{variant}`, Herald moves `{variant.lower()}`: "
            "two aliases that differ only by case would name two versions"
        ),
    )
    assert refusal.remedies == (
        f"In the registry, delete `{variant}` or name it `{variant.lower()}`",
        "See what stands: `/model show scorer`",
    )


def test_case_variant_of_another_target_alias_is_refused_too() -> None:
    facts = make_facts(alias=BETA, current=None, model=make_model(aliases=aliases(Beta=1)))
    assert "`Beta`" in refused(facts).reasons[0]


def test_version_that_is_not_registered_yet_is_refused() -> None:
    candidate = unregistered(7)
    assert refused(make_facts(candidate=candidate)).reasons == (
        "the registry has not finished registering it",
    )


def test_endpoint_in_motion_is_refused() -> None:
    facts = facts_with(make_entity(6), update=EndpointUpdate.IN_PROGRESS, pending=(make_entity(5),))
    refusal = refused(facts)
    assert refusal.reasons == ("endpoint fraud-scorer is taking another update of it now",)
    assert refusal.is_trouble


def test_neighbours_update_is_no_obstacle_to_a_plan() -> None:
    facts = facts_with(make_entity(6), update=EndpointUpdate.IN_PROGRESS, pending=(make_entity(6),))
    assert planned(facts) == make_plan()


def test_refusal_for_a_lasting_reason_is_no_trouble() -> None:
    assert not refused(make_facts(candidate=unregistered(7))).is_trouble


def test_other_aliases_do_not_wait_for_endpoints() -> None:
    facts = facts_with(make_entity(6), update=EndpointUpdate.IN_PROGRESS, pending=(make_entity(5),))
    beta = AliasName("beta")
    assert isinstance(plan_change(ChangeKind.PROMOTE, replace(facts, alias=beta), NAMES), Plan)


@pytest.mark.parametrize("update", [EndpointUpdate.FAILED, EndpointUpdate.CANCELED])
def test_endpoint_whose_last_update_came_to_nothing_may_take_another(
    update: EndpointUpdate,
) -> None:
    assert planned(facts_with(make_entity(6), update=update)) == make_plan()


def test_own_versions_with_different_settings_are_refused() -> None:
    small = make_entity(5, traffic_percentage=10, settings_digest="small")
    large = make_entity(6, traffic_percentage=90, settings_digest="large")
    assert refused(facts_with(small, large)).reasons == (
        (
            "endpoint fraud-scorer serves several versions of it with different settings, "
            "and Herald could not restore them"
        ),
    )


def test_neighbours_settings_may_differ() -> None:
    own = make_entity(6, traffic_percentage=50, settings_digest="small")
    other = replace(neighbour(), settings_digest="large")
    assert endpoint_change(facts_with(own, other)).shared_with == (RULES,)


def test_endpoint_in_motion_is_no_obstacle_to_another_alias() -> None:
    busy = make_endpoint(update=EndpointUpdate.IN_PROGRESS)
    assert planned(make_facts(alias=BETA, current=None, endpoints=(busy,))).endpoints == ()


def test_all_obstacles_are_told_at_once() -> None:
    candidate = unregistered(6)
    busy = make_endpoint(update=EndpointUpdate.IN_PROGRESS)
    assert len(refused(make_facts(candidate=candidate, endpoints=(busy,))).reasons) == 3


def test_skew_names_endpoint_version_and_alias() -> None:
    assert skew(facts_with(make_entity(4))) == ("fraud-scorer serves v4, champion is v6",)


def test_skew_lists_several_versions_in_number_order() -> None:
    served = (make_entity(10, traffic_percentage=50), make_entity(9, traffic_percentage=50))
    assert skew(facts_with(*served)) == ("fraud-scorer serves v9 and v10, champion is v6",)


def test_no_skew_where_the_endpoint_serves_what_the_alias_names() -> None:
    assert skew(make_facts()) == ()


def test_no_skew_where_nothing_of_the_model_is_served() -> None:
    assert skew(facts_with(neighbour(share=100))) == ()


def test_no_skew_before_the_first_release() -> None:
    assert skew(make_facts(current=None)) == ()


def test_a_plan_tells_the_skew_of_an_endpoint_that_it_does_not_touch() -> None:
    plan = planned(facts_with(make_entity(7)))
    assert plan.endpoints == ()
    assert plan.skew == ("fraud-scorer serves v7, champion is v6",)


def test_a_plan_for_another_alias_tells_no_skew() -> None:
    facts = make_facts(alias=BETA, endpoints=(make_endpoint(entities=(make_entity(4),)),))
    assert planned(facts).skew == ()


def test_plan_locks_the_model_and_every_endpoint() -> None:
    assert make_plan().resources == ("endpoint:fraud-scorer", "model:prod.fraud.scorer")


@st.composite
def worlds(draw: st.DrawFn) -> PolicyFacts:
    """Models with any aliases, on endpoints shared in any way."""
    version = st.integers(min_value=1, max_value=9)
    held = draw(st.dictionaries(st.sampled_from([CHAMPION, CHALLENGER, ARCHIVED, BETA]), version))
    alias = draw(st.sampled_from([CHAMPION, CHALLENGER, BETA]))
    candidate = draw(version)
    assume(held.get(alias) != candidate)
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    return make_facts(
        model=make_model(aliases=held),
        alias=alias,
        candidate=make_version_evidence(candidate),
        current=make_version_evidence(held[alias]) if alias in held else None,
        endpoints=tuple(draw(shared_endpoints(EndpointName(name))) for name in names),
    )


@st.composite
def shared_endpoints(draw: st.DrawFn, name: EndpointName) -> ServingEndpoint:
    entities = draw(
        st.lists(
            st.builds(
                ServedEntity,
                name=st.sampled_from(["scorer-1", "scorer-2", "prod-fraud-scorer-1", "live"]),
                model=st.sampled_from([MODEL, RULES]),
                version=st.integers(min_value=1, max_value=9),
                traffic_percentage=st.integers(min_value=0, max_value=100),
            ),
            unique_by=lambda entity: entity.name,
        )
    )
    return ServingEndpoint(name=name, entities=tuple(entities))


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_every_planned_write_changes_something(kind: ChangeKind, facts: PolicyFacts) -> None:
    plan = planned(facts, kind)
    assert all(change.before != change.after for change in plan.aliases)
    assert all(change.before != change.after for change in plan.endpoints)


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_before_is_what_stands(kind: ChangeKind, facts: PolicyFacts) -> None:
    plan = planned(facts, kind)
    for change in plan.aliases:
        assert change.before == facts.model.aliases.get(change.alias)
    endpoints = {endpoint.name: endpoint for endpoint in facts.endpoints}
    for move in plan.endpoints:
        assert move.before == endpoints[move.endpoint].routes_of(MODEL)


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_target_alias_names_the_candidate_afterwards(kind: ChangeKind, facts: PolicyFacts) -> None:
    plan = planned(facts, kind)
    after = {change.alias: change.after for change in plan.aliases}
    assert after[facts.alias] == plan.version == facts.candidate.version.version


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_traffic_of_the_model_stays_what_it_was(kind: ChangeKind, facts: PolicyFacts) -> None:
    for change in planned(facts, kind).endpoints:
        assert traffic_of(change.after) == traffic_of(change.before)


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_entity_names_stay_unique_on_the_endpoint(kind: ChangeKind, facts: PolicyFacts) -> None:
    others = {e.name: {x.name for x in e.entities if x.model != MODEL} for e in facts.endpoints}
    for change in planned(facts, kind).endpoints:
        assert not {route.entity for route in change.after} & others[change.endpoint]


@FEW
@given(st.sampled_from(ChangeKind), worlds())
def test_afterwards_every_endpoint_of_the_model_serves_the_champion(
    kind: ChangeKind, facts: PolicyFacts
) -> None:
    assume(facts.alias == CHAMPION)
    plan = planned(facts, kind)
    after = {change.endpoint: change.after for change in plan.endpoints}
    for endpoint in facts.endpoints:
        served = after.get(endpoint.name, endpoint.routes_of(MODEL))
        assert {route.version for route in served} <= {plan.version}


def test_a_champion_that_an_endpoint_does_not_serve_is_brought_there_and_no_alias_moves() -> None:
    facts = replace(facts_with(make_entity(4)), candidate=make_version_evidence(6))
    plan = planned(facts)
    assert [[route.version for route in change.after] for change in plan.endpoints] == [[6]]
    assert (plan.aliases, plan.way_back) == ((), None)
    assert plan.skew == ("fraud-scorer serves v4, champion is v6",)


def test_a_challenger_has_no_endpoint_to_be_brought_to() -> None:
    model = make_model(aliases=aliases(champion=6, challenger=7))
    facts = replace(facts_with(make_entity(4)), model=model, alias=CHALLENGER)
    assert refused(facts).reasons == ("it is challenger already",)
