from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.agreement import Agreement, Decision, DecisionKind, agreement_of
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import AgreementTerms
from tests.builders import LEAD, LEADS, NOW, REQUESTER, make_decision, make_requirement

RISK = RoleName("risk")
SECOND = SlackUserId("U0MLLEAD2")
RISK_PERSON = SlackUserId("U0RISK")

ROLES = [LEADS, RISK, RoleName("legal")]
PEOPLE = [REQUESTER, LEAD, SECOND, RISK_PERSON, SlackUserId("U0FIFTH")]

FEW = settings(max_examples=50)
"""Lists of decisions take long to draw."""

held = st.frozensets(st.sampled_from(ROLES))
requirement_lists = st.lists(
    st.builds(
        ApprovalRequirement,
        role=st.sampled_from(ROLES),
        count=st.integers(min_value=1, max_value=3),
    ),
    max_size=3,
    unique_by=lambda requirement: requirement.role,
).map(tuple)
decision_lists = st.lists(
    st.builds(
        make_decision,
        st.sampled_from(PEOPLE),
        st.sampled_from(DecisionKind),
        evidence_revision=st.sampled_from([1, 2]),
        roles=held,
        decided_at=st.integers(min_value=0, max_value=50).map(
            lambda minutes: NOW + timedelta(minutes=minutes)
        ),
    ),
    max_size=8,
)


def agreed(
    requirements: Sequence[ApprovalRequirement], decisions: Sequence[Decision], revision: int = 1
) -> Agreement:
    return agreement_of(tuple(requirements), decisions, REQUESTER, revision)


def approval(person: SlackUserId, *roles: RoleName, minute: int = 0) -> Decision:
    return make_decision(
        person, roles=frozenset(roles or (LEADS,)), decided_at=NOW + timedelta(minutes=minute)
    )


def rejection(person: SlackUserId, minute: int = 0) -> Decision:
    return replace(approval(person, minute=minute), kind=DecisionKind.REJECT)


def most_seats_filled(
    requirements: Sequence[ApprovalRequirement], decisions: Sequence[Decision]
) -> int:
    """Try every way to give each approver a seat or none; return the best."""
    seats = [r.role for r in requirements for _ in range(r.count)]
    choices = [
        [None, *(n for n, role in enumerate(seats) if role in decision.roles)]
        for decision in decisions
    ]
    taken = ([seat for seat in way if seat is not None] for way in product(*choices))
    return max(len(way) for way in taken if len(way) == len(set(way)))


def test_no_requirement_is_reached_at_once() -> None:
    assert agreed((), ()).is_reached


def test_nobody_has_agreed_at_first() -> None:
    agreement = agreed([make_requirement(count=2)], ())
    assert (agreement.missing, agreement.is_reached) == (2, False)


def test_an_approver_of_the_role_fills_the_requirement() -> None:
    agreement = agreed([make_requirement()], [approval(LEAD)])
    assert agreement.is_reached
    assert agreement.parts[0].people == (LEAD,)


def test_an_approver_without_the_role_fills_nothing() -> None:
    assert agreed([make_requirement()], [approval(RISK_PERSON, RISK)]).missing == 1


def test_requester_never_counts_towards_quorum() -> None:
    assert agreed([make_requirement()], [approval(REQUESTER)]).missing == 1


def test_rejection_by_the_requester_never_counts() -> None:
    assert agreed([make_requirement()], [rejection(REQUESTER)]).rejections == ()


def test_approval_of_earlier_evidence_does_not_count() -> None:
    assert agreed([make_requirement()], [approval(LEAD)], revision=2).missing == 1


def test_rejection_of_earlier_evidence_does_not_count() -> None:
    assert agreed([make_requirement()], [rejection(LEAD)], revision=2).rejections == ()


def test_rejections_are_kept_apart() -> None:
    agreement = agreed([make_requirement()], [rejection(SECOND), approval(LEAD)])
    assert [decision.person for decision in agreement.rejections] == [SECOND]


def test_every_requirement_has_to_be_met() -> None:
    both = [make_requirement(), make_requirement(RISK)]
    assert agreed(both, [approval(LEAD)]).missing == 1
    assert agreed(both, [approval(LEAD), approval(RISK_PERSON, RISK)]).is_reached


def test_one_person_with_two_roles_fills_one_requirement() -> None:
    both = [make_requirement(), make_requirement(RISK)]
    assert agreed(both, [approval(LEAD, LEADS, RISK)]).missing == 1


def test_person_with_two_roles_makes_room_for_one_with_a_single_role() -> None:
    both = [make_requirement(), make_requirement(RISK)]
    versatile, lead = approval(SECOND, LEADS, RISK), approval(LEAD, LEADS, minute=1)
    agreement = agreed(both, [versatile, lead])
    assert [part.people for part in agreement.parts] == [(LEAD,), (SECOND,)]


def test_two_approvals_by_one_person_count_once() -> None:
    twice = [approval(LEAD), approval(LEAD, minute=1)]
    assert agreed([make_requirement(count=2)], twice).missing == 1


def test_changing_an_approval_into_a_rejection_takes_it_back() -> None:
    agreement = agreed([make_requirement()], [approval(LEAD), rejection(LEAD, minute=1)])
    assert agreement.missing == 1
    assert [decision.person for decision in agreement.rejections] == [LEAD]


def test_changing_a_rejection_into_an_approval_takes_it_back() -> None:
    agreement = agreed([make_requirement()], [rejection(LEAD), approval(LEAD, minute=1)])
    assert agreement.is_reached
    assert agreement.rejections == ()


def test_more_people_than_needed_leave_nothing_missing() -> None:
    agreement = agreed([make_requirement()], [approval(LEAD), approval(SECOND, minute=1)])
    assert agreement.missing == 0
    assert agreement.parts[0].people == (LEAD,)


@FEW
@given(requirement_lists, decision_lists)
def test_requester_changes_nothing(
    requirements: tuple[ApprovalRequirement, ...], decisions: list[Decision]
) -> None:
    others = [decision for decision in decisions if decision.person != REQUESTER]
    assert agreed(requirements, decisions) == agreed(requirements, others)


@FEW
@given(requirement_lists, decision_lists)
def test_other_revisions_change_nothing(
    requirements: tuple[ApprovalRequirement, ...], decisions: list[Decision]
) -> None:
    present = [decision for decision in decisions if decision.evidence_revision == 1]
    assert agreed(requirements, decisions) == agreed(requirements, present)


@FEW
@given(requirement_lists, decision_lists)
def test_one_person_fills_one_seat(
    requirements: tuple[ApprovalRequirement, ...], decisions: list[Decision]
) -> None:
    seated = [person for part in agreed(requirements, decisions).parts for person in part.people]
    assert len(seated) == len(set(seated))


@FEW
@given(requirement_lists, decision_lists)
def test_everybody_seated_holds_the_role_and_approved(
    requirements: tuple[ApprovalRequirement, ...], decisions: list[Decision]
) -> None:
    for part in agreed(requirements, decisions).parts:
        for person in part.people:
            assert any(
                part.requirement.role in decision.roles
                for decision in decisions
                if decision.person == person and decision.kind is DecisionKind.APPROVE
            )


@FEW
@given(requirement_lists, decision_lists)
def test_nobody_both_agrees_and_rejects(
    requirements: tuple[ApprovalRequirement, ...], decisions: list[Decision]
) -> None:
    agreement = agreed(requirements, decisions)
    seated = {person for part in agreement.parts for person in part.people}
    assert not seated & {decision.person for decision in agreement.rejections}


@FEW
@given(requirement_lists, st.dictionaries(st.sampled_from(PEOPLE[1:]), held))
def test_as_many_seats_as_possible_are_filled(
    requirements: tuple[ApprovalRequirement, ...],
    approvers: dict[SlackUserId, frozenset[RoleName]],
) -> None:
    decisions = [make_decision(person, roles=roles) for person, roles in approvers.items()]
    filled = sum(len(part.people) for part in agreed(requirements, decisions).parts)
    assert filled == most_seats_filled(requirements, decisions)


@FEW
@given(requirement_lists, decision_lists, st.sampled_from(PEOPLE), held)
def test_one_more_approval_never_raises_what_is_missing(
    requirements: tuple[ApprovalRequirement, ...],
    decisions: list[Decision],
    person: SlackUserId,
    roles: frozenset[RoleName],
) -> None:
    others = [decision for decision in decisions if decision.person != person]
    more = approval(person, *roles, minute=60)
    before, after = agreed(requirements, others), agreed(requirements, [*others, more])
    assert after.missing <= before.missing


@FEW
@given(requirement_lists, decision_lists, st.randoms())
def test_order_of_reading_plays_no_part(
    requirements: tuple[ApprovalRequirement, ...],
    decisions: list[Decision],
    random: Random,
) -> None:
    timed = [replace(d, decided_at=NOW + timedelta(minutes=n)) for n, d in enumerate(decisions)]
    shuffled = list(timed)
    random.shuffle(shuffled)
    assert agreed(requirements, shuffled) == agreed(requirements, timed)


def test_two_accounts_with_one_key_count_once_and_the_latest_word_holds() -> None:
    key = PersonKey("k1")
    first, second = (
        replace(approval(LEAD), person_key=key),
        replace(approval(SECOND, minute=1), person_key=key),
    )
    assert agreed([make_requirement(count=2)], [first, second]).missing == 1
    taken_back = replace(rejection(SECOND, minute=2), person_key=key)
    assert agreed([make_requirement()], [first, taken_back]).missing == 1


def test_the_requester_counts_where_the_terms_say_so() -> None:
    own = approval(REQUESTER)
    terms = AgreementTerms(four_eyes=False)
    agreement = agreement_of((make_requirement(),), [own], REQUESTER, 1, terms)
    assert agreement.is_reached


def test_one_person_fills_a_place_in_each_of_his_roles_where_the_terms_say_so() -> None:
    requirements = (make_requirement(), make_requirement(RISK))
    both = approval(LEAD, LEADS, RISK)
    terms = AgreementTerms(distinct=False)
    agreement = agreement_of(requirements, [both], REQUESTER, 1, terms)
    assert [part.people for part in agreement.parts] == [(LEAD,), (LEAD,)]
    assert agreed(requirements, [both]).missing == 1


def test_nobody_fills_two_places_of_one_role() -> None:
    agreement = agreement_of(
        (make_requirement(count=2),), [approval(LEAD)], REQUESTER, 1, AgreementTerms(distinct=False)
    )
    assert agreement.missing == 1
