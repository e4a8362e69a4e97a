"""The sandbox's policy decides on the demo world as its table says."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.evidence import VersionEvidence
from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS
from bot.domain.names import AliasName, ModelName, RoleName
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, OutcomeKind, PolicySet
from bot.domain.registry import Dataset
from bot.domain.verdict import Verdict, VerdictKind, judge
from policies.loader import load_policies
from tests.builders import NOW, make_facts, make_model, make_version
from tests.unit.policies.given import CONTENTS, evidence, logged, result

FILE = Path(__file__).parents[3] / "policies" / "sandbox.yml"
CHAMPION, CHALLENGER = AliasName("champion"), AliasName("challenger")
IRIS = ModelName("prod.ml_team.iris_classifier")
ASSISTANT = ModelName("sandbox.nasa_gcn_models.gcn_rag_assistant")
SCIENTISTS, LEADS = RoleName("data-scientists"), RoleName("ml-leads")
RISK = RoleName("risk")
LOANS, SPELLER = ModelName("prod.credit.loan_risk"), ModelName("shop.search.speller")

CARD = json.dumps(dict.fromkeys(REQUIRED_FIELDS, "said in a few words"))

IRIS_1 = {"accuracy": 0.8833, "precision": 0.8883, "success_rate": 1.0, "latency_p95_ms": 21.0}
IRIS_2 = {"accuracy": 0.9667, "precision": 0.9667, "success_rate": 1.0, "latency_p95_ms": 18.0}
IRIS_3 = {"accuracy": 0.6667, "precision": 0.5, "success_rate": 1.0, "latency_p95_ms": 17.0}
RAG_1 = {"precision": 0.83, "faithfulness": 0.88, "success_rate": 1.0, "latency_p95_ms": 2140.0}
RAG_2 = {"precision": 0.86, "faithfulness": 0.92, "success_rate": 1.0, "latency_p95_ms": 2480.0}
RAG_3 = {"precision": 0.84, "faithfulness": 0.81, "success_rate": 1.0, "latency_p95_ms": 1620.0}


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return load_policies([FILE])


def seeded(number: int, figures: dict[str, float]) -> VersionEvidence:
    """Return a version with all that the demo world gives its good ones."""
    return evidence(
        number,
        [logged(value, key=key) for key, value in figures.items()],
        contents=CONTENTS,
        tests=tuple(
            result(name, run_id=f"run-{number}") for name in ("unit", "integration", "load")
        ),
    )


def promoted(
    policies: PolicySet,
    model: ModelName,
    candidate: VersionEvidence,
    current: VersionEvidence | None,
    alias: AliasName = CHAMPION,
) -> Verdict:
    facts = make_facts(
        model=make_model(name=model), alias=alias, candidate=candidate, current=current
    )
    matching = policies.matching(ChangeKind.PROMOTE, model, alias)
    return judge(ChangeKind.PROMOTE, matching, facts, frozenset({SCIENTISTS}))


def tagged(found: VersionEvidence, **tags: str) -> VersionEvidence:
    return replace(found, version=replace(found.version, tags=tags))


def loans(policies: PolicySet, tier: str = "1", number: str = "1.3.0", card: str = CARD) -> Verdict:
    """Promote a version of the loan model, with its card and number unless told otherwise."""
    whole = replace(seeded(2, IRIS_2), files={MODEL_CARD_PATH: card or None})
    assert whole.run is not None
    candidate = replace(
        whole, run=replace(whole.run, datasets=(Dataset(name="loans", digest="d1"),))
    )
    return promoted(
        policies,
        LOANS,
        tagged(candidate, tier=tier, version=number),
        tagged(seeded(1, IRIS_1), version="1.2.0"),
    )


def blocking(verdict: Verdict) -> list[str]:
    return [outcome.check for outcome in verdict.blocking]


@pytest.mark.parametrize(
    ("model", "before", "after"), [(IRIS, IRIS_1, IRIS_2), (ASSISTANT, RAG_1, RAG_2)]
)
def test_better_version_needs_one_lead(
    policies: PolicySet, model: ModelName, before: dict[str, float], after: dict[str, float]
) -> None:
    verdict = promoted(policies, model, seeded(2, after), seeded(1, before))
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert [(r.role, r.count) for r in verdict.requirements] == [(LEADS, 1)]


def test_iris_3_is_denied_for_accuracy_and_precision(policies: PolicySet) -> None:
    verdict = promoted(policies, IRIS, seeded(3, IRIS_3), seeded(1, IRIS_1))
    assert verdict.kind is VerdictKind.DENIED
    assert blocking(verdict) == ["accuracy", "precision", "no-regress"]


def test_iris_4_is_denied_for_its_description(policies: PolicySet) -> None:
    bare = replace(seeded(4, IRIS_2), version=replace(seeded(4, IRIS_2).version, description=""))
    verdict = promoted(policies, IRIS, bare, seeded(1, IRIS_1))
    assert verdict.kind is VerdictKind.DENIED
    assert blocking(verdict) == ["contents"]


def test_assistant_3_is_denied_for_faithfulness(policies: PolicySet) -> None:
    verdict = promoted(policies, ASSISTANT, seeded(3, RAG_3), seeded(1, RAG_1))
    assert verdict.kind is VerdictKind.DENIED
    (outcome,) = verdict.blocking
    assert outcome.message == "faithfulness 0.81, needs ≥ 0.85"


@pytest.mark.parametrize(
    ("metric", "just_enough", "too_little"),
    [
        ("precision", 0.80, 0.7999),
        ("faithfulness", 0.85, 0.8499),
        ("success_rate", 0.95, 0.9499),
        ("latency_p95_ms", 5000.0, 5000.1),
    ],
)
def test_assistants_meet_the_promotion_criteria_to_the_digit(
    policies: PolicySet, metric: str, just_enough: float, too_little: float
) -> None:
    current = seeded(1, RAG_1 | {"precision": 0.80})
    good = promoted(policies, ASSISTANT, seeded(2, RAG_2 | {metric: just_enough}), current)
    bad = promoted(policies, ASSISTANT, seeded(2, RAG_2 | {metric: too_little}), current)
    assert good.kind is VerdictKind.NEEDS_APPROVAL
    assert bad.kind is VerdictKind.DENIED


@pytest.mark.parametrize("suite", ["unit", "integration", "load"])
@pytest.mark.parametrize(("model", "figures"), [(IRIS, IRIS_2), (ASSISTANT, RAG_2)])
def test_each_test_suite_is_required(
    policies: PolicySet, model: ModelName, figures: dict[str, float], suite: str
) -> None:
    whole = seeded(2, figures)
    partly = replace(whole, tests=tuple(r for r in whole.tests or () if r.name != suite))
    verdict = promoted(policies, model, partly, seeded(1, figures))
    assert blocking(verdict) == ["tests"]


def test_slightly_worse_precision_is_tolerated_and_more_is_not(policies: PolicySet) -> None:
    current = seeded(1, IRIS_2 | {"precision": 0.9})
    tolerated = promoted(policies, IRIS, seeded(2, IRIS_2 | {"precision": 0.88}), current)
    worse = promoted(policies, IRIS, seeded(2, IRIS_2 | {"precision": 0.8799}), current)
    assert tolerated.kind is VerdictKind.NEEDS_APPROVAL
    assert blocking(worse) == ["no-regress"]


def test_first_champion_needs_one_lead(policies: PolicySet) -> None:
    verdict = promoted(policies, IRIS, seeded(1, IRIS_1), None)
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL


@pytest.mark.parametrize("current", [None, seeded(1, {})])
def test_complete_version_becomes_challenger_without_people(
    policies: PolicySet, current: VersionEvidence | None
) -> None:
    verdict = promoted(policies, IRIS, seeded(3, IRIS_3), current, CHALLENGER)
    assert verdict.kind is VerdictKind.ALLOWED


def test_incomplete_version_does_not_become_challenger(policies: PolicySet) -> None:
    bare = replace(seeded(4, IRIS_2), version=make_version(4, description=""))
    verdict = promoted(policies, IRIS, bare, None, CHALLENGER)
    assert verdict.kind is VerdictKind.DENIED


@pytest.mark.parametrize(
    ("asked_by", "kind"),
    [(SCIENTISTS, VerdictKind.NEEDS_APPROVAL), (LEADS, VerdictKind.ALLOWED)],
)
@pytest.mark.parametrize("model", [IRIS, ASSISTANT])
def test_rollback_needs_a_lead_to_agree_or_to_ask(
    policies: PolicySet, model: ModelName, asked_by: RoleName, kind: VerdictKind
) -> None:
    facts = make_facts(model=make_model(name=model), candidate=evidence(1), current=evidence(2))
    matching = policies.matching(ChangeKind.ROLL_BACK, model, CHAMPION)
    verdict = judge(ChangeKind.ROLL_BACK, matching, facts, frozenset({asked_by}))
    assert verdict.kind is kind


@pytest.mark.parametrize(("tier", "roles"), [("1", {LEADS, RISK}), ("2", {LEADS})])
def test_a_loan_model_of_the_first_tier_needs_model_risk_as_well(
    policies: PolicySet, tier: str, roles: set[RoleName]
) -> None:
    verdict = loans(policies, tier)
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert {requirement.role for requirement in verdict.requirements} == roles


def test_a_loan_model_without_card_and_number_is_denied_and_offered_its_number(
    policies: PolicySet,
) -> None:
    verdict = loans(policies, number="", card="")
    assert blocking(verdict) == ["card", "number"]
    assert [tag.value for o in verdict.outcomes if (tag := o.proposed)] == ["1.3.0"]


def test_the_loan_model_is_exempt_from_drift_for_years(policies: PolicySet) -> None:
    (drift,) = [outcome for outcome in loans(policies).outcomes if outcome.check == "drift"]
    assert drift.kind is OutcomeKind.EXEMPT
    (exemption,) = [held for policy in policies.policies for held in policy.exemptions]
    assert exemption.expires_at > NOW + timedelta(days=5 * 365)


@pytest.mark.parametrize(("precision", "kind"), [(0.89, "allowed"), (0.87, "denied")])
def test_a_speller_that_is_no_worse_needs_nobody(
    policies: PolicySet, precision: float, kind: str
) -> None:
    before, after = seeded(1, {"recall": 0.9, "precision": 0.89}), {"recall": 0.9}
    verdict = promoted(policies, SPELLER, seeded(2, after | {"precision": precision}), before)
    assert verdict.kind == VerdictKind(kind)


def test_only_the_speller_is_proposed_without_a_person(policies: PolicySet) -> None:
    assert [policy.name for policy in policies.policies if policy.automatic] == ["retrained-often"]


def test_no_policy_covers_a_model_elsewhere(policies: PolicySet) -> None:
    assert policies.matching(ChangeKind.PROMOTE, ModelName("dev.x.y"), CHAMPION) == ()


def test_members_only_read_and_those_who_release_may_do_more(policies: PolicySet) -> None:
    changes = {Action.READ, Action.PROMOTE, Action.ROLL_BACK}
    everything = frozenset(Action)
    assert policies.may == {
        "members": {Action.READ},
        "data-scientists": changes,
        "ml-leads": everything,
        "risk": {Action.READ},
        "admins": everything,
    }


def test_people_of_the_demo_world_have_their_roles(policies: PolicySet) -> None:
    assert policies.roles[SCIENTISTS].users == {"U0REQUESTER"}
    assert policies.roles[RoleName("admins")].users == {"U0ADMIN"}
    assert policies.roles[LEADS].groups == {"ml-leads"}
    assert policies.roles[RoleName("risk")].groups == {"risk"}
