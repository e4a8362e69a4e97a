"""A change in all parts that the content hash covers, and every way in which one part may move."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.content_hash import content_hash, hashed_content
from bot.domain.differences import differences
from bot.domain.evidence import PolicyFacts, TestResult, Unreadable, VersionEvidence
from bot.domain.exemptions import Exemption
from bot.domain.plan import AliasChange, Plan
from bot.domain.policy import CheckOutcome, OutcomeKind, Policy
from bot.domain.registry import Dataset, ModelContents
from tests.builders import (
    CHAMPION,
    LEAD,
    NOW,
    REQUESTER,
    make_endpoint_change,
    make_facts,
    make_metric,
    make_outcome,
    make_plan,
    make_policy,
    make_route,
    make_run,
    make_version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything that a hash is made from."""

    plan: Plan
    facts: PolicyFacts
    outcomes: tuple[CheckOutcome, ...]
    policies: tuple[Policy, ...]

    def content(self) -> dict[str, object]:
        return hashed_content(self.plan, self.facts, self.outcomes, self.policies)

    def hash(self) -> str:
        return content_hash(self.content())

    def moved_to(self, other: "Change") -> tuple[str, ...]:
        return differences(self.content(), other.content())


Move = Callable[[Change], Change]


def full_evidence(version: int) -> VersionEvidence:
    return VersionEvidence(
        version=make_version(version, parameters={"trees": "10"}),
        run=make_run(f"run-{version}", datasets=(Dataset(name="eval", digest="9f2c"),)),
        contents=ModelContents(inputs="[]", outputs="[]", requirements=("numpy",)),
        tests=(TestResult(name="unit", outcome="passed", finished_at=NOW),),
    )


CHANGE = Change(
    plan=make_plan(),
    facts=make_facts(candidate=full_evidence(7), current=full_evidence(6)),
    outcomes=(make_outcome(), make_outcome(check="recall")),
    policies=(make_policy(), make_policy("base")),
)


def plan(**fields: Any) -> Move:
    return lambda change: replace(change, plan=replace(change.plan, **fields))


def facts(**fields: Any) -> Move:
    return lambda change: replace(change, facts=replace(change.facts, **fields))


def outcomes(*found: CheckOutcome) -> Move:
    return lambda change: replace(change, outcomes=found)


def policies(*matching: Policy) -> Move:
    return lambda change: replace(change, policies=matching)


def candidate(**fields: Any) -> Move:
    return lambda change: facts(candidate=replace(change.facts.candidate, **fields))(change)


def current(**fields: Any) -> Move:
    def move(change: Change) -> Change:
        assert change.facts.current is not None
        return facts(current=replace(change.facts.current, **fields))(change)

    return move


def version(**fields: Any) -> Move:
    return lambda c: candidate(version=replace(c.facts.candidate.version, **fields))(c)


def run(**fields: Any) -> Move:
    def move(change: Change) -> Change:
        assert change.facts.candidate.run is not None
        return candidate(run=replace(change.facts.candidate.run, **fields))(change)

    return move


def contents(**fields: Any) -> Move:
    def move(change: Change) -> Change:
        assert change.facts.candidate.contents is not None
        return candidate(contents=replace(change.facts.candidate.contents, **fields))(change)

    return move


def tests(**fields: Any) -> Move:
    result = TestResult(name="unit", outcome="passed", finished_at=NOW)
    return candidate(tests=(replace(result, **fields),))


LIFTED = Exemption(
    policy="champion",
    rules=frozenset({"soak"}),
    models=("prod.fraud.*",),
    reason="INC-1",
    requested_by=REQUESTER,
    approved_by=(LEAD,),
    expires_at=NOW,
)
_MORE = AliasChange(alias=CHAMPION, before=8, after=7)
_ALIASES = make_plan().aliases

MOVES: dict[str, Move] = {
    "alias before": plan(aliases=(_ALIASES[0], _MORE, _ALIASES[2])),
    "alias after": plan(aliases=(replace(_ALIASES[0], after=4), *_ALIASES[1:])),
    "alias leaves": plan(aliases=_ALIASES[:2]),
    "endpoint before": plan(endpoints=(make_endpoint_change(before=(make_route(5),)),)),
    "endpoint after": plan(
        endpoints=(make_endpoint_change(after=(make_route(7, entity="prod-scorer-7"),)),)
    ),
    "endpoint share": plan(endpoints=(make_endpoint_change(before=(make_route(6, 50),)),)),
    "endpoint leaves": plan(endpoints=()),
    "endpoint joins": plan(
        endpoints=(make_endpoint_change(), make_endpoint_change(endpoint="another"))
    ),
    "no champion": facts(current=None),
    "other champion": facts(current=full_evidence(8)),
    "champion's tests": current(tests=None),
    "champion's description": current(version=make_version(6, description="")),
    "description": version(description="another"),
    "run": version(run_id="run-8"),
    "tag": version(tags={"team": "rules"}),
    "more tags": version(tags={"team": "fraud", "reviewer": "ada"}),
    "no tags": version(tags={}),
    "model metric": version(metrics=(make_metric(value=0.5),)),
    "metric not a number": version(metrics=(make_metric(value=float("nan")),)),
    "metric's dataset": version(metrics=(make_metric(value=0.907, dataset_digest="9f2c"),)),
    "run metric": run(metrics=(make_metric("recall"),)),
    "model parameter": version(parameters={"trees": "11"}),
    "run parameter": run(parameters={"depth": "7"}),
    "dataset": run(datasets=(Dataset(name="eval", digest="0000"),)),
    "dataset's use": run(datasets=(Dataset(name="eval", digest="9f2c", context="training"),)),
    "run gone": candidate(run=None),
    "inputs": contents(inputs="[1]"),
    "outputs": contents(outputs=None),
    "requirements": contents(requirements=("numpy", "scipy")),
    "contents gone": candidate(contents=None),
    "test outcome": tests(outcome="failed"),
    "test time": tests(finished_at=NOW.replace(year=2027)),
    "test name": tests(name="load"),
    "test writer": tests(writer="ci"),
    "tests gone": candidate(tests=None),
    "tables": candidate(tables=("prod.features.cards",)),
    "unreadable": candidate(unreadable=(Unreadable(part="tests", reason="no permission"),)),
    "outcome": outcomes(make_outcome(), make_outcome(OutcomeKind.INCONCLUSIVE, check="recall")),
    "exemption": outcomes(
        make_outcome(), make_outcome(OutcomeKind.EXEMPT, check="recall", exempt_because="a")
    ),
    "exempted otherwise": outcomes(
        make_outcome(), make_outcome(OutcomeKind.EXEMPT, check="recall", exempt_because="b")
    ),
    "outcome leaves": outcomes(make_outcome()),
    "policy": policies(make_policy(content="stricter"), make_policy("base")),
    "exemption of the model": policies(
        make_policy(content="{}", exemptions=(LIFTED,)), make_policy("base")
    ),
    "exemption of it renewed": policies(
        make_policy(content="{}", exemptions=(replace(LIFTED, reason="INC-2"),)),
        make_policy("base"),
    ),
    "policy leaves": policies(make_policy()),
    "policy joins": policies(make_policy(), make_policy("base"), make_policy("extra")),
}
"""What the hash covers, moved one at a time."""

_OUTCOME = make_outcome(observed="0.91", expected="more", message="31 h old", remedy="wait")

STILL: dict[str, Move] = {
    "the clock": facts(evaluated_at=NOW.replace(year=2027)),
    "endpoints' state": facts(endpoints=()),
    "aliases read": facts(model=replace(CHANGE.facts.model, aliases={}, description="another")),
    "neighbours": plan(endpoints=(make_endpoint_change(shared_with=("prod.fraud.rules",)),)),
    "Herald's tags": version(
        tags={"team": "fraud", "herald.request": "CR-1", "validation_status": "approved"}
    ),
    "live values and messages": outcomes(_OUTCOME, make_outcome(check="recall")),
    "order of outcomes": lambda c: outcomes(*reversed(c.outcomes))(c),
    "order of policies": lambda c: policies(*reversed(c.policies))(c),
    "another model's exemption": policies(
        make_policy(exemptions=(replace(LIFTED, models=("prod.churn.*",)),)), make_policy("base")
    ),
    "a policy's other fields": policies(make_policy(description="new"), make_policy("base")),
    "who registered it": version(created_by="bob@example.com", created_at=None),
    "who ran it": run(user="bob@example.com", started_at=None, tags={"mlflow.user": "bob"}),
    "run parameter under a model parameter": run(parameters={"depth": "6", "trees": "99"}),
    "run metric under a model metric": run(metrics=(make_metric("auc", 0.1),)),
}
"""What the hash leaves out, moved one at a time."""
