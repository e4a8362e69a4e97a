"""The content hash: what people agree to, in one number."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from bot.domain.canonical import canonical_json
from bot.domain.evidence import PolicyFacts, VersionEvidence, is_own_tag
from bot.domain.names import ModelName
from bot.domain.plan import Plan
from bot.domain.policy import CheckOutcome, Policy
from bot.domain.registry import Metric, Run

MLFLOW_TAGS, SOURCE_TAGS = "mlflow.", "mlflow.source."

SCHEMA = 3
"""Version of the hashed form; a new form must not look like an old one."""
OUTCOMES = "outcomes"
"""The part about how rules came out: the only one in which live values show."""


def hashed_content(
    plan: Plan,
    facts: PolicyFacts,
    outcomes: Iterable[CheckOutcome],
    policies: Iterable[Policy],
) -> dict[str, object]:
    """Return what the content hash covers, as a JSON object of a few named parts.

    Left out on purpose: the clock, live values, ages, the neighbours on an endpoint, and the tags
    that Herald writes itself. The parts are kept apart so that a later difference can be named.
    """
    return {
        "schema": SCHEMA,
        "plan": _plan(plan),
        "candidate": _recorded(facts.candidate),
        "current": _recorded(facts.current) if facts.current else None,
        OUTCOMES: {f"{o.policy}/{o.check}": _came_out(o) for o in outcomes},
        "policies": policy_texts(policies, plan.model),
    }


def policy_texts(policies: Iterable[Policy], model: ModelName) -> dict[str, str]:
    """Return what policies say of a model, by name: their content, and what exempts the model.

    Exemptions that are over are in it too: the clock is not.
    """
    return {policy.name: _text(policy, model) for policy in policies}


def _text(policy: Policy, model: ModelName) -> str:
    exempted = [canonical_json(e) for e in policy.exemptions if e.is_about(model)]
    if not exempted:
        return policy.content
    return canonical_json({**json.loads(policy.content), "exemptions": sorted(exempted)})


def is_readable(content: Mapping[str, object]) -> bool:
    """Tell whether everything could be read that a hashed content speaks of."""
    recorded = (content["candidate"], content["current"])
    return not any(part["unreadable"] for part in recorded if isinstance(part, dict))


def content_hash(content: dict[str, object]) -> str:
    """Return the SHA-256, hex, of the canonical JSON of ``hashed_content``."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _came_out(outcome: CheckOutcome) -> str:
    return f"{outcome.kind} {outcome.exempt_because}".rstrip()


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "model": plan.model,
        "version": plan.version,
        "aliases": plan.aliases,
        "endpoints": [
            {"endpoint": c.endpoint, "before": c.before, "after": c.after} for c in plan.endpoints
        ],
    }


def _recorded(evidence: VersionEvidence) -> dict[str, object]:
    version, run = evidence.version, evidence.run
    return {
        "version": version.version,
        "description": version.description,
        "run": version.run_id,
        "tags": {key: value for key, value in version.tags.items() if not is_own_tag(key)},
        "run tags": _said_of(run) if run else None,
        "parameters": evidence.parameters(),
        "metrics": sorted(canonical_json(_measured(metric)) for metric in evidence.metrics()),
        "datasets": sorted(map(canonical_json, run.datasets)) if run else None,
        "contents": evidence.contents,
        "tests": evidence.tests,
        "signature of the tests": evidence.tests_signature,
        "files": dict(evidence.files),
        "artifacts": dict(evidence.artifacts),
        "tables": sorted(evidence.tables),
        "unreadable": sorted(item.part for item in evidence.unreadable),
    }


def is_said(key: str) -> bool:
    """Tell whether a run's tag is part of the evidence: MLflow's own are not, its source is."""
    return key.startswith(SOURCE_TAGS) or not key.startswith(MLFLOW_TAGS)


def _said_of(run: Run) -> dict[str, str]:
    """Return a run's tags without those that MLflow keeps for itself; where code is from stays."""
    return {key: value for key, value in run.tags.items() if is_said(key)}


def _measured(metric: Metric) -> dict[str, object]:
    """Return a metric without its time: logged again with the same value, it says the same."""
    return {
        "key": metric.key,
        "value": metric.value,
        "dataset_name": metric.dataset_name,
        "dataset_digest": metric.dataset_digest,
    }
