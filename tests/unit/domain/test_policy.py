import pytest

from bot.domain.evidence import NOTHING_MORE, Needs
from bot.domain.names import AliasName, ModelName, RoleName
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, PolicySet
from tests.builders import CHALLENGER, CHAMPION, MODEL, make_policy
from tests.unit.domain.checks import Scripted

ADMINS, GUESTS = RoleName("admins"), RoleName("guests")


@pytest.mark.parametrize(
    ("models", "exclude", "applies"),
    [
        (("prod.*",), (), True),
        (("*",), (), True),
        (("*.scorer",), (), True),
        (("dev.*", "prod.fraud.scorer"), (), True),
        (("dev.*",), (), False),
        (("PROD.*",), (), False),
        (("prod.*",), ("prod.fraud.*",), False),
        ((), (), False),
    ],
)
def test_policy_applies_by_model_name(
    models: tuple[str, ...], exclude: tuple[str, ...], *, applies: bool
) -> None:
    policy = make_policy(models=models, exclude=exclude)
    assert policy.applies_to(ChangeKind.PROMOTE, MODEL, CHAMPION) is applies


def test_policy_applies_to_its_kinds_of_change_only() -> None:
    policy = make_policy(kinds=frozenset({ChangeKind.ROLL_BACK}))
    assert policy.applies_to(ChangeKind.ROLL_BACK, MODEL, CHAMPION)
    assert not policy.applies_to(ChangeKind.PROMOTE, MODEL, CHAMPION)


def test_policy_applies_to_its_aliases_only() -> None:
    assert not make_policy().applies_to(ChangeKind.PROMOTE, MODEL, CHALLENGER)


def test_matching_policies_come_in_file_order() -> None:
    mine, other, base = make_policy("mine"), make_policy("other", models=()), make_policy("base")
    policies = PolicySet(policies=(mine, other, base))
    assert policies.matching(ChangeKind.PROMOTE, MODEL, CHAMPION) == (mine, base)
    assert policies.matching(ChangeKind.PROMOTE, ModelName("dev.x"), AliasName("champion")) == ()


def test_roles_add_up_what_they_may() -> None:
    policies = PolicySet(may={ADMINS: frozenset({Action.CANCEL, Action.READ})})
    assert policies.actions_of([ADMINS, GUESTS]) == {Action.CANCEL, Action.READ}


def test_nobody_may_anything_by_default() -> None:
    assert PolicySet().actions_of([ADMINS]) == frozenset()
    assert PolicySet(may={ADMINS: frozenset({Action.READ})}).actions_of([]) == frozenset()


@pytest.mark.parametrize(
    ("environments", "applies"),
    [((), True), (("prod",), True), (("dev", "prod"), True), (("dev",), False)],
)
def test_policy_has_a_say_in_its_environments_only(
    environments: tuple[str, ...], *, applies: bool
) -> None:
    policy = make_policy(environments=frozenset(environments))
    policies = PolicySet(policies=(policy,), environment="prod")
    found = policies.matching(ChangeKind.PROMOTE, MODEL, CHAMPION)
    assert found == ((policy,) if applies else ())


def test_a_change_needs_what_the_checks_of_its_policies_have_to_see() -> None:
    checks = tuple(Scripted(id=name, needs=Needs(files=frozenset({name}))) for name in ("a", "b"))
    other = make_policy(
        "beta", aliases=frozenset({CHALLENGER}), checks=(Scripted(needs=Needs(privileges=True)),)
    )
    policies = PolicySet(policies=(make_policy(checks=checks), make_policy("base"), other))
    needs = policies.needs_of(ChangeKind.PROMOTE, MODEL, CHAMPION)
    assert needs == Needs(files=frozenset({"a", "b"}))


def test_a_change_that_no_policy_is_about_needs_nothing_more() -> None:
    assert PolicySet().needs_of(ChangeKind.PROMOTE, MODEL, CHAMPION) == NOTHING_MORE
