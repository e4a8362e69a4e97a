"""The check ``endpoint_health``: what serves the model is ready."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.evidence import PolicyFacts
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.serving import EndpointUpdate, ServingEndpoint
from policies.entries import RuleEntry, RulePlace
from policies.rule import Rule


class EndpointHealthRule(RuleEntry):
    """Every endpoint of the model is ready."""

    type: Literal["endpoint_health"]
    state: Literal["READY"] = "READY"

    def check(self, place: RulePlace) -> "EndpointHealthCheck":
        """Return the check of the endpoints."""
        return EndpointHealthCheck(**self.identity(place), state=self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealthCheck(Rule):
    """Every endpoint that serves the model is in the state, by the platform's own word."""

    state: Literal["READY"]

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return which endpoints are not ready."""
        names = ", ".join(endpoint.name for endpoint in facts.endpoints)
        if not names:
            return self.outcome(OutcomeKind.SKIPPED, "no endpoint serves the model")
        unfit = [endpoint for endpoint in facts.endpoints if not endpoint.is_ready]
        if not unfit:
            message = f"{names} {self.state}"
            return self.outcome(
                OutcomeKind.PASSED, message, observed=self.state, expected=self.state
            )
        return self.outcome(
            OutcomeKind.FAILED,
            "; ".join(map(_told, unfit)),
            observed="NOT_READY",
            expected=self.state,
            remedy="bring the endpoint up first: `/model endpoint NAME` shows it",
        )


def _told(endpoint: ServingEndpoint) -> str:
    settled = endpoint.update is EndpointUpdate.SETTLED
    update = "" if settled else f" (update {endpoint.update.replace('_', ' ')})"
    return f"{endpoint.name} is not ready{update}"
