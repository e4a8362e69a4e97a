"""A configuration is sent back whole, changed for one model only."""

import json
from typing import Any

import pytest

from bot.adapters.endpoint_config import UnfitRoutesError, traffic_of, with_routes
from bot.domain.names import ModelName
from bot.domain.serving import Route

SCORER = ModelName("prod.fraud.scorer")
RULES = ModelName("prod.fraud.rules")

Raw = dict[str, Any]


def entity(model: str, version: int, **settings: object) -> Raw:
    return {
        "name": f"{model.rpartition('.')[2]}-{version}",
        "entity_name": model,
        "entity_version": str(version),
        "workload_size": "Small",
        **settings,
    }


def share(name: str, percentage: int) -> Raw:
    return {"served_entity_name": name, "traffic_percentage": percentage}


def config(entities: list[Raw], shares: list[Raw], **more: object) -> Raw:
    return {"served_entities": entities, "traffic_config": {"routes": shares}, **more}


def to(version: int, percentage: int = 100) -> tuple[Route, ...]:
    return (Route(version=version, traffic_percentage=percentage, entity=f"scorer-{version}"),)


SHARED = config(
    [entity(RULES, 1, new_field={"deep": [1, None, True]}), entity(SCORER, 6), entity(RULES, 2)],
    [share("rules-1", 20), share("scorer-6", 50), {**share("rules-2", 30), "odd": 1}],
)


def test_own_entity_is_replaced_with_the_same_settings() -> None:
    before = entity(SCORER, 6, environment_vars={"KEY": "{{secrets/a/b}}"}, brand_new=[1])
    wanted = with_routes(config([before], [share("scorer-6", 100)]), SCORER, to(7))
    assert wanted["served_entities"] == [
        {**before, "name": "scorer-7", "entity_version": "7"},
    ]
    assert wanted["traffic_config"]["routes"] == [share("scorer-7", 100)]


def test_neighbours_and_their_shares_stay_byte_for_byte() -> None:
    wanted = with_routes(SHARED, SCORER, to(7, 50))
    for place in (0, 2):
        for side in (SHARED["served_entities"], wanted["served_entities"]):
            assert side[place]["entity_name"] == RULES
        before, after = SHARED["served_entities"][place], wanted["served_entities"][place]
        assert json.dumps(after) == json.dumps(before)
        shares = SHARED["traffic_config"]["routes"], wanted["traffic_config"]["routes"]
        assert json.dumps(shares[1][place]) == json.dumps(shares[0][place])


def test_what_the_platform_writes_itself_is_not_sent() -> None:
    made = {"state": {"deployment": "X"}, "creator": "a@b", "creation_timestamp": 1}
    raw = config(
        [entity(SCORER, 6, **made), entity(RULES, 1, **made)],
        [share("scorer-6", 50), share("rules-1", 50)],
        config_version=3,
        start_time=9,
    )
    wanted = with_routes(raw, SCORER, to(7, 50))
    assert set(wanted) == {"served_entities", "traffic_config"}
    for sent in wanted["served_entities"]:
        assert set(sent) == {"name", "entity_name", "entity_version", "workload_size"}


def test_unknown_fields_of_the_configuration_are_sent_back() -> None:
    raw = config([entity(SCORER, 6)], [share("scorer-6", 100)], auto_capture_config={"a": 1})
    raw["traffic_config"]["sticky"] = True
    wanted = with_routes(raw, SCORER, to(7))
    assert wanted["auto_capture_config"] == {"a": 1}
    assert wanted["traffic_config"]["sticky"] is True


def test_the_configuration_that_was_read_is_left_alone() -> None:
    before = json.dumps(SHARED)
    with_routes(SHARED, SCORER, to(7, 50))
    assert json.dumps(SHARED) == before


def test_settings_come_from_the_entity_of_the_same_version() -> None:
    raw = config(
        [entity(SCORER, 6, workload_size="Large"), entity(SCORER, 7, workload_size="Medium")],
        [share("scorer-6", 90), share("scorer-7", 10)],
    )
    wanted = with_routes(raw, SCORER, to(7))
    assert [sent["workload_size"] for sent in wanted["served_entities"]] == ["Medium"]


def test_deprecated_synonyms_are_answered_in_kind() -> None:
    raw = {
        "served_models": [
            {"name": "scorer-6", "model_name": SCORER, "model_version": "6", "x": 1},
            {"name": "rules-1", "model_name": RULES, "model_version": "1"},
        ],
        "traffic_config": {
            "routes": [
                {"served_model_name": "scorer-6", "traffic_percentage": 50},
                {"served_model_name": "rules-1", "traffic_percentage": 50},
            ]
        },
    }
    assert with_routes(raw, SCORER, to(7, 50)) == {
        "served_models": [
            {"name": "scorer-7", "model_name": SCORER, "model_version": "7", "x": 1},
            {"name": "rules-1", "model_name": RULES, "model_version": "1"},
        ],
        "traffic_config": {
            "routes": [
                {"served_model_name": "scorer-7", "traffic_percentage": 50},
                {"served_model_name": "rules-1", "traffic_percentage": 50},
            ]
        },
    }


def test_only_one_of_two_synonyms_is_sent() -> None:
    raw = config([entity(SCORER, 6)], [share("scorer-6", 100)])
    raw["served_models"] = [{"name": "scorer-6", "model_name": SCORER, "model_version": "6"}]
    assert "served_models" not in with_routes(raw, SCORER, to(7))


def test_new_share_names_its_entity_as_the_old_one_did() -> None:
    both = {"served_model_name": "scorer-6", **share("scorer-6", 100)}
    wanted = with_routes(config([entity(SCORER, 6)], [both]), SCORER, to(7))
    assert wanted["traffic_config"]["routes"] == [
        {"served_model_name": "scorer-7", **share("scorer-7", 100)}
    ]


def test_two_routes_share_the_traffic() -> None:
    wanted = with_routes(
        config([entity(SCORER, 6)], [share("scorer-6", 100)]), SCORER, to(6, 90) + to(7, 10)
    )
    assert wanted["traffic_config"]["routes"] == [share("scorer-6", 90), share("scorer-7", 10)]


@pytest.mark.parametrize(
    ("raw", "routes", "reason"),
    [
        (SHARED, to(7, 60), "sum to 110 %"),
        (SHARED, to(7, 40), "sum to 90 %"),
        (config([entity(RULES, 1)], [share("rules-1", 100)]), to(7), "serves nothing of"),
        ({}, to(7), "serves nothing of"),
        (
            SHARED,
            (Route(version=7, traffic_percentage=50, entity="rules-1"),),
            "two of its entities",
        ),
    ],
)
def test_routes_that_do_not_fit_are_refused(
    raw: Raw, routes: tuple[Route, ...], reason: str
) -> None:
    with pytest.raises(UnfitRoutesError, match=reason):
        with_routes(raw, SCORER, routes)


def test_lone_entity_without_a_route_has_all_traffic() -> None:
    assert traffic_of({"served_entities": [entity(SCORER, 6)]}) == {"scorer-6": 100}


def test_entity_without_a_route_among_others_has_none() -> None:
    raw = config([entity(SCORER, 6), entity(RULES, 1)], [share("rules-1", 100)])
    assert traffic_of(raw) == {"rules-1": 100}
