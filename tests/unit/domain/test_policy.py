import pytest

from bot.domain.names import AliasName, ModelName, RoleName
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, PolicySet
from tests.builders import CHALLENGER, CHAMPION, MODEL, make_policy

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
