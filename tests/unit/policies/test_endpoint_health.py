"""The check ``endpoint_health``."""

from bot.domain.names import EndpointName
from bot.domain.policy import OutcomeKind
from bot.domain.serving import EndpointUpdate
from policies.endpoint_health import EndpointHealthCheck
from tests.builders import make_endpoint, make_facts
from tests.unit.policies.files import check_of
from tests.unit.policies.given import RULE

HEALTH = EndpointHealthCheck(**RULE, state="READY")
OTHER = EndpointName("fraud-shadow")


def test_ready_endpoints_pass() -> None:
    outcome = HEALTH.evaluate(make_facts(endpoints=(make_endpoint(), make_endpoint(name=OTHER))))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "fraud-scorer, fraud-shadow READY"
    assert (outcome.observed, outcome.expected) == ("READY", "READY")


def test_one_that_is_not_ready_fails() -> None:
    update = EndpointUpdate.IN_PROGRESS
    down = make_endpoint(name=OTHER, is_ready=False)
    outcome = HEALTH.evaluate(
        make_facts(endpoints=(make_endpoint(is_ready=False, update=update), down, make_endpoint()))
    )
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == (
        "fraud-scorer is not ready (update in progress); fraud-shadow is not ready"
    )
    assert (outcome.observed, outcome.expected) == ("NOT_READY", "READY")
    assert outcome.remedy == "bring the endpoint up first: `/model endpoint NAME` shows it"


def test_model_without_endpoints_is_skipped() -> None:
    outcome = HEALTH.evaluate(make_facts(endpoints=()))
    assert (outcome.kind, outcome.message) == (OutcomeKind.SKIPPED, "no endpoint serves the model")


def test_ready_is_the_state_that_is_asked_for() -> None:
    built = check_of("{id: up, type: endpoint_health}")
    assert isinstance(built, EndpointHealthCheck)
    assert built.state == "READY"
