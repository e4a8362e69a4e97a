"""The content hash moves with everything that people agree to, and with nothing else."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import SCHEMA
from bot.domain.evidence import (
    OWN_TAG_PREFIX,
    VALIDATION_STATUS_TAG,
    PolicyFacts,
    Signature,
    TestResult,
    Unreadable,
    VersionEvidence,
)
from bot.domain.exemptions import Exemption
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.policy import CheckOutcome, Policy
from bot.domain.registry import Dataset, Metric, ModelContents, ModelVersion, Run
from bot.domain.serving import Route
from tests.builders import make_metric, make_policy, make_run
from tests.properties.moved import Spot, at, exemptions, put, spots, values_for
from tests.unit.domain.contents import CHANGE, Change, policies, version

HASHED: dict[type, set[str]] = {
    Plan: {"model", "version", "endpoints", "aliases"},
    EndpointChange: {"endpoint", "before", "after"},
    AliasChange: {"alias", "before", "after"},
    Route: {"version", "traffic_percentage", "entity"},
    PolicyFacts: {"candidate", "current"},
    VersionEvidence: {
        "version",
        "run",
        "contents",
        "tests",
        "tests_signature",
        "files",
        "artifacts",
        "tables",
        "unreadable",
    },
    ModelVersion: {"version", "description", "run_id", "tags", "metrics", "parameters"},
    Run: {"parameters", "metrics", "datasets", "tags"},
    Metric: {"key", "value", "dataset_name", "dataset_digest"},
    Dataset: {"name", "digest", "context", "source"},
    ModelContents: {"inputs", "outputs", "requirements"},
    TestResult: {"name", "outcome", "finished_at", "run_id", "writer"},
    Signature: {"key_id", "problem"},
    Unreadable: {"part"},
    CheckOutcome: {"check", "policy", "kind", "exempt_because"},
    Policy: {"name", "content"},
}
"""What people agree to."""

LEFT_OUT: dict[type, set[str]] = {
    Plan: {"way_back", "skew"},
    EndpointChange: {"shared_with"},
    PolicyFacts: {
        "model",
        "alias",
        "endpoints",
        "evaluated_at",
        "held_since",
        "figures",
        "privileges",
        "unreadable",
    },
    ModelVersion: {"name", "model_id", "created_at", "created_by", "is_ready"},
    Run: {"run_id", "user", "started_at"},
    Metric: {"logged_at"},
    Unreadable: {"reason"},
    CheckOutcome: {
        "severity",
        "message",
        "observed",
        "expected",
        "remedy",
        "metric",
        "unit",
        "source",
        "age",
        "proposed",
    },
    Policy: {field.name for field in fields(Policy)} - {"name", "content"},
}
"""What moves by itself, what is only for people, and what another part covers: a policy's content
says all that it is made of, and the plan says which model and aliases."""

_UNREADABLE = (Unreadable(part="contents", reason="no answer"),)
_CANDIDATE = replace(
    CHANGE.facts.candidate,
    run=make_run(metrics=(make_metric("recall"),), datasets=(Dataset(name="eval", digest="9f"),)),
    tests_signature=Signature(key_id="ci"),
    files={"documentation/model_card.yaml": "purpose: rules"},
    artifacts={"explain/": True},
    tables=("prod.features.cards",),
    unreadable=_UNREADABLE,
)
_FACTS = replace(CHANGE.facts, candidate=_CANDIDATE, unreadable=_UNREADABLE)
WHOLE = replace(CHANGE, facts=_FACTS)
"""Nothing in it is empty, and no value of a run stands under one of its model."""

SPOTS = tuple(spot for spot in spots(WHOLE) if spot.owner in HASHED)
FIELDS = sorted({(spot.owner.__name__, spot.field) for spot in SPOTS})
FIXED = {("Plan", "model"), ("Plan", "version")}
"""What a request keeps from its first to its last evidence."""

few = settings(max_examples=max(8, settings().max_examples // 12))
"""For each field there is."""


def is_agreed_to(spot: Spot) -> bool:
    """Tell whether every part that the field stands in is one that people agree to."""
    return all(name in HASHED[owner] for owner, name in spot.fields if owner is not Change)


def places_of(owner: str, field: str) -> st.SearchStrategy[Spot]:
    return st.sampled_from([s for s in SPOTS if (s.owner.__name__, s.field) == (owner, field)])


@pytest.mark.parametrize("kind", HASHED)
def test_every_field_is_either_agreed_to_or_left_out(kind: Any) -> None:
    agreed, left_out = HASHED[kind], LEFT_OUT.get(kind, set())
    assert not agreed & left_out
    assert {field.name for field in fields(kind)} == agreed | left_out


@pytest.mark.parametrize(("owner", "field"), FIELDS)
@few
@given(data=st.data())
def test_hash_moves_exactly_with_what_people_agree_to(
    owner: str, field: str, data: st.DataObject
) -> None:
    spot = data.draw(places_of(owner, field))
    was, now = at(WHOLE, spot.path), data.draw(values_for(spot))
    moved: Change = put(WHOLE, spot.path, now)
    if is_agreed_to(spot):
        assume(canonical_json(was) != canonical_json(now))
        assert moved.hash() != WHOLE.hash()
    else:
        assert moved.hash() == WHOLE.hash()


@pytest.mark.parametrize(("owner", "field"), sorted({*FIELDS} - FIXED))
@few
@given(data=st.data())
def test_whatever_moves_the_hash_is_told(owner: str, field: str, data: st.DataObject) -> None:
    spot = data.draw(places_of(owner, field))
    moved: Change = put(WHOLE, spot.path, data.draw(values_for(spot)))
    assert bool(WHOLE.moved_to(moved)) is (moved.hash() != WHOLE.hash())


@given(tags=st.dictionaries(st.text().map(lambda name: OWN_TAG_PREFIX + name), st.text()))
def test_tags_that_herald_writes_never_move_the_hash(tags: dict[str, str]) -> None:
    own = {**WHOLE.facts.candidate.version.tags, **tags, VALIDATION_STATUS_TAG: "approved"}
    assert version(tags=own)(WHOLE).hash() == WHOLE.hash()


@given(exempted=exemptions(models=("prod.*",)), more=exemptions(models=("prod.fraud.scorer",)))
def test_every_exemption_of_the_model_moves_the_hash(exempted: Exemption, more: Exemption) -> None:
    assume(exempted != more)
    hashes = {
        policies(make_policy(content="{}", exemptions=held))(WHOLE).hash()
        for held in ((), (exempted,), (exempted, more))
    }
    assert len(hashes) == 3


def test_form_that_is_hashed_is_the_one_of_its_schema() -> None:
    """Hashes are stored: whoever changes a name here raises the schema."""
    form = json.loads(canonical_json(WHOLE.content()))
    assert (SCHEMA, form["schema"]) == (3, 3)
    assert list(form) == ["candidate", "current", "outcomes", "plan", "policies", "schema"]
    assert list(form["plan"]) == ["aliases", "endpoints", "model", "version"]
    assert list(form["candidate"]) == [
        "artifacts",
        "contents",
        "datasets",
        "description",
        "files",
        "metrics",
        "parameters",
        "run",
        "run tags",
        "signature of the tests",
        "tables",
        "tags",
        "tests",
        "unreadable",
        "version",
    ]
    assert json.loads(form["candidate"]["metrics"][0]) == {
        "dataset_digest": None,
        "dataset_name": None,
        "key": "auc",
        "value": 0.907,
    }
