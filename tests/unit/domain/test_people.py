import hashlib
from dataclasses import replace

import pytest

from bot.domain.names import PersonKey, RoleName
from bot.domain.people import Action, Person, Standing
from tests.builders import LEAD, REQUESTER, make_person


@pytest.mark.parametrize("email", ["Ada@Example.com", " ada@example.com"])
def test_accounts_with_one_address_are_one_person_whatever_its_case(email: str) -> None:
    assert make_person(email=email).key == make_person(LEAD, email="ada@example.com").key


def test_key_shows_no_address() -> None:
    assert "ada" not in make_person().key


def test_key_is_the_one_that_stored_decisions_carry() -> None:
    digest = hashlib.sha256(b"ada@example.com").hexdigest()
    assert make_person(email="Ada@Example.com ").key == PersonKey(digest[:32])


def test_account_without_an_address_is_alone() -> None:
    assert make_person(email="").key == PersonKey(REQUESTER)


READER = frozenset({Action.READ})


def test_full_member_has_no_obstacle() -> None:
    assert make_person().standing() is None


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (make_person(is_deactivated=True), "this account is deactivated"),
        (make_person(is_bot=True), "bots cannot do this"),
        (make_person(is_stranger=True), "people of other workspaces cannot do this"),
        (make_person(is_guest=True), "guest accounts cannot do this"),
    ],
)
def test_others_can_decide_nothing_whatever_their_roles(person: Person, reason: str) -> None:
    assert person.standing() == reason
    standing = Standing(person=person, roles=frozenset({RoleName("admins")}), actions=READER)
    assert not standing.may(Action.READ)


def test_member_may_what_his_roles_may_and_nothing_else() -> None:
    standing = Standing(person=make_person(), roles=frozenset(), actions=READER)
    assert standing.may(Action.READ)
    assert not standing.may(Action.PROMOTE)


def test_roles_count_for_those_only_who_can_decide() -> None:
    admins = frozenset({RoleName("admins")})
    member = Standing(person=make_person(), roles=admins, actions=READER)
    guest = replace(member, person=make_person(is_guest=True))
    assert (member.counting, guest.counting) == (admins, frozenset())
