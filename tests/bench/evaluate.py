"""How long one evaluation takes beyond its reads: plan, verdict, content hash, differences."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.domain.content_hash import content_hash, hashed_content
from bot.domain.differences import differences
from bot.domain.evidence import PolicyFacts
from bot.domain.plan import Plan
from bot.domain.planning import plan_change
from bot.domain.policy import ChangeKind, OutcomeKind, PolicySet
from bot.domain.verdict import VerdictKind, judge
from policies.loader import PolicyText, load_policies, parse_policies
from tests.bench.figures import Figure, quantile
from tests.bench.stage import Stage
from tests.builders import NAMES
from tests.properties.sound import SOUND

TIMES = 300
MANY = 50
LIMIT_MS = 20.0
LOADED, LOADS, LOAD_MS = 2000, 5, 1000.0

ALL_KINDS = """\
apiVersion: herald/v1
metrics:
  precision: {direction: higher, unit: ratio}
  latency: {direction: lower, aliases: [p95]}
  success_rate: {direction: higher, unit: ratio}
  psi: {direction: lower}
roles: {leads: {slack_groups: [ml-leads]}}
may: {leads: [promote]}
policies:
  - name: everything
    match: {models: ["prod.*"], aliases: [champion]}
    approvals: [{role: leads, count: 2}]
    rules:
"""
RULES = """\
      - {id: metric%d, type: metric, metric: precision, min: 0.8}
      - {id: compare%d, type: compare, metrics: [precision, latency], max_drop_relative: 10%}
      - {id: tests%d, type: tests, required: [unit, load], max_age: 14d, signed: true}
      - {id: contents%d, type: contents, require: [description, signature, requirements]}
      - {id: card%d, type: model_card, min_chars: 10}
      - {id: artifacts%d, type: artifacts, required: [explain/, MLmodel]}
      - {id: tags%d, type: tags, required: {team: "[a-z]+"}}
      - {id: source%d, type: source, git_commit: required, branch: main, review: approved}
      - {id: semver%d, type: semver, bump: minor}
      - {id: lineage%d, type: lineage, datasets: 1, upstream: ["prod.*"]}
      - {id: soak%d, type: soak, alias: challenger, min: 2d}
      - {id: health%d, type: endpoint_health}
      - {id: drift%d, type: drift, metric: psi, max: 0.2, window: 7d}
      - {id: privilege%d, type: platform_privilege, privilege: MANAGE}
      - {id: live%d, type: metric, metric: success_rate, min: 0.9, source: endpoint, window: 24h}
"""


async def evaluate(stage: Stage, scale: int) -> list[Figure]:
    """Measure one evaluation under the sandbox's policy, and under every kind of rule."""
    del stage
    every = _policies(1)
    outcomes = _verdict(every, SOUND)
    if outcomes != {OutcomeKind.PASSED}:
        raise RuntimeError(f"not every rule passes: {outcomes}")
    sandbox = load_policies([Path("policies/sandbox.yml")])
    return [
        _figure("the sandbox's policy", sandbox, scale),
        _figure("every kind of rule, 15 rules", every, scale),
        _figure(f"every kind {MANY} times, {MANY * 15} rules", _policies(MANY), scale, limit=None),
        _loading(scale),
    ]


def _loading(scale: int) -> Figure:
    text = (ALL_KINDS + "".join(map(_rule, range(LOADED)))).encode()
    took = sorted(
        _timed(lambda: parse_policies([PolicyText(file="all.yml", content=text)]))
        for _ in range(LOADS)
    )
    what = f"loading {LOADED} rules, p50"
    value = quantile(took, 0.5)
    return Figure(row="evaluate", what=what, value=value, unit="ms", scale=scale, limit=LOAD_MS)


def _rule(number: int) -> str:
    rules = RULES.splitlines(keepends=True)
    return rules[number % len(rules)].replace("%d", str(number))


def _policies(times: int) -> PolicySet:
    rules = "".join(RULES.replace("%d", str(number)) for number in range(times))
    return parse_policies([PolicyText(file="all.yml", content=(ALL_KINDS + rules).encode())])


def _verdict(policies: PolicySet, facts: PolicyFacts) -> set[OutcomeKind]:
    matching = policies.matching(ChangeKind.PROMOTE, facts.name, facts.alias)
    verdict = judge(ChangeKind.PROMOTE, matching, facts, frozenset())
    return {outcome.kind for outcome in verdict.outcomes}


def _figure(what: str, policies: PolicySet, scale: int, limit: float | None = LIMIT_MS) -> Figure:
    took = sorted(_timed(lambda: _evaluate(policies)) for _ in range(TIMES))
    value = quantile(took, 0.99)
    return Figure(
        row="evaluate", what=f"{what}, p99", value=value, unit="ms", scale=scale, limit=limit
    )


def _timed(work: Callable[[], object]) -> float:
    """Return the processor's time in ms: there is nothing to wait for."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _evaluate(policies: PolicySet) -> tuple[str, tuple[str, ...]]:
    """Do what an assessment does once everything is read."""
    facts = replace(SOUND)
    plan = plan_change(ChangeKind.PROMOTE, facts, NAMES)
    assert isinstance(plan, Plan)
    matching = policies.matching(ChangeKind.PROMOTE, facts.name, facts.alias)
    verdict = judge(ChangeKind.PROMOTE, matching, facts, frozenset())
    assert verdict.kind is not VerdictKind.ALLOWED
    content = hashed_content(plan, facts, verdict.outcomes, matching)
    return content_hash(content), differences(content, content)
