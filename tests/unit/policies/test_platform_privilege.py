"""The check ``platform_privilege``."""

import pytest

from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.platform_privilege import PlatformPrivilegeCheck, Privilege
from tests.builders import make_facts
from tests.unit.policies.given import RULE, unreadable


def judged(privilege: Privilege, *held: str) -> CheckOutcome:
    check = PlatformPrivilegeCheck(**RULE, privilege=privilege)
    return check.evaluate(make_facts(privileges=frozenset(held)))


@pytest.mark.parametrize(
    ("privilege", "held", "said"),
    [
        (Privilege.MANAGE, "MANAGE", "the requester holds MANAGE on the model"),
        (Privilege.MANAGE, "OWNER", "the requester holds MANAGE (as OWNER) on the model"),
        (
            Privilege.EXECUTE,
            "ALL_PRIVILEGES",
            "the requester holds EXECUTE (as ALL_PRIVILEGES) on the model",
        ),
        (Privilege.OWNER, "OWNER", "the requester holds OWNER on the model"),
    ],
)
def test_privilege_or_what_includes_it_passes(privilege: Privilege, held: str, said: str) -> None:
    outcome = judged(privilege, held)
    assert (outcome.kind, outcome.message, outcome.observed) == (OutcomeKind.PASSED, said, held)
    assert (outcome.expected, outcome.remedy) == (privilege, "")
    assert outcome.source == "Unity Catalog"


@pytest.mark.parametrize(
    ("privilege", "held"),
    [
        (Privilege.MANAGE, "ALL_PRIVILEGES"),
        (Privilege.OWNER, "ALL_PRIVILEGES"),
        (Privilege.EXECUTE, "MANAGE"),
        (Privilege.EXECUTE, "execute"),
    ],
)
def test_other_privileges_do_not_do(privilege: Privilege, held: str) -> None:
    outcome = judged(privilege, held, "USE_CATALOG")
    listed = ", ".join(sorted((held, "USE_CATALOG")))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == f"the requester holds {listed} on the model, needs {privilege}"
    assert (outcome.observed, outcome.expected) == (listed, privilege)
    assert outcome.remedy == f"let somebody ask who holds {privilege}, or have it granted"


def test_who_holds_nothing_fails() -> None:
    outcome = judged(Privilege.EXECUTE)
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "the requester holds nothing on the model, needs EXECUTE"


def test_unreadable_privileges_are_errored() -> None:
    check = PlatformPrivilegeCheck(**RULE, privilege=Privilege.EXECUTE)
    held = frozenset({"EXECUTE"})
    outcome = check.evaluate(make_facts(unreadable=unreadable("privileges"), privileges=held))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == ("the requester's privileges could not be read (no answer in 10 s)")
    assert outcome.remedy == "ask again once they can be read"
    assert (outcome.observed, outcome.expected) == ("", "EXECUTE")


def test_registry_without_privileges_is_missing() -> None:
    check = PlatformPrivilegeCheck(**RULE, privilege=Privilege.EXECUTE)
    outcome = check.evaluate(make_facts())
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "the registry knows no privileges, needs EXECUTE"
    assert outcome.remedy == "keep this rule for models in Unity Catalog"


def test_it_needs_the_privileges() -> None:
    assert PlatformPrivilegeCheck(**RULE, privilege=Privilege.EXECUTE).needs.privileges
