"""Agreement under any terms, by people who may have several accounts."""

from collections import Counter
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.agreement import Agreement, Decision, DecisionKind, agreement_of
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import AgreementTerms
from tests.builders import LEADS, NOW, REQUESTER, make_decision, make_requirement

ROLES = [LEADS, RoleName("risk"), RoleName("legal")]
KEYS = {
    REQUESTER: "asker",
    SlackUserId("U0ANN"): "ann",
    SlackUserId("U0ANN2"): "ann",
    SlackUserId("U0BEN"): "ben",
    SlackUserId("U0CYD"): None,
}
"""Who is behind which account; Ann has two."""

Requirements = tuple[ApprovalRequirement, ...]

accounts = st.sampled_from(sorted(KEYS))
held = st.frozensets(st.sampled_from(ROLES), min_size=1)
terms_ = st.builds(AgreementTerms, four_eyes=st.booleans(), distinct=st.booleans())
requirements_ = st.lists(
    st.builds(make_requirement, st.sampled_from(ROLES), st.integers(1, 3)),
    max_size=3,
    unique_by=lambda requirement: requirement.role,
).map(tuple)


def said(person: SlackUserId, kind: DecisionKind, roles: frozenset[RoleName], n: int) -> Decision:
    key, at = KEYS[person], NOW + timedelta(minutes=n)
    person_key = PersonKey(key) if key else None
    return make_decision(person, kind, roles=roles, decided_at=at, person_key=person_key)


decisions_ = st.lists(
    st.builds(said, accounts, st.sampled_from(DecisionKind), held, st.integers(0, 50)), max_size=8
)


def agreed(asked: Requirements, words: list[Decision], terms: AgreementTerms) -> Agreement:
    return agreement_of(asked, words, REQUESTER, 1, terms)


@given(requirements_, decisions_, terms_, accounts, held)
def test_one_more_person_who_approves_never_takes_agreement_away(
    asked: Requirements,
    words: list[Decision],
    terms: AgreementTerms,
    person: SlackUserId,
    roles: frozenset[RoleName],
) -> None:
    more = said(person, DecisionKind.APPROVE, roles, 60)
    assume(all(word.voice != more.voice for word in words))
    before, after = agreed(asked, words, terms), agreed(asked, [*words, more], terms)
    assert after.missing <= before.missing
    assert after.rejections == before.rejections


@given(requirements_, decisions_, terms_)
def test_nobody_fills_two_places_of_one_requirement_with_two_accounts(
    asked: Requirements, words: list[Decision], terms: AgreementTerms
) -> None:
    voices = {word.person: word.voice for word in words}
    agreement = agreed(asked, words, terms)
    for part in agreement.parts:
        assert max(Counter(voices[person] for person in part.people).values(), default=1) == 1
    if terms.distinct:
        people = [voices[person] for part in agreement.parts for person in part.people]
        assert len(people) == len(set(people))


@given(requirements_, decisions_, st.booleans())
def test_requester_changes_nothing_where_four_eyes_are_asked(
    asked: Requirements,
    words: list[Decision],
    distinct: bool,  # noqa: FBT001 - drawn
) -> None:
    terms = AgreementTerms(four_eyes=True, distinct=distinct)
    others = [word for word in words if word.person != REQUESTER]
    assert agreed(asked, words, terms) == agreed(asked, others, terms)


@given(requirements_, decisions_, st.booleans())
def test_letting_one_person_fill_several_places_never_asks_for_more(
    asked: Requirements,
    words: list[Decision],
    four_eyes: bool,  # noqa: FBT001 - drawn
) -> None:
    strict, lax = (AgreementTerms(four_eyes=four_eyes, distinct=each) for each in (True, False))
    assert agreed(asked, words, lax).missing <= agreed(asked, words, strict).missing


@given(requirements_, decisions_, terms_)
def test_everybody_counted_holds_the_role_and_approved_last(
    asked: Requirements, words: list[Decision], terms: AgreementTerms
) -> None:
    for part in agreed(asked, words, terms).parts:
        assert len(part.people) <= part.requirement.count
        for person in part.people:
            own = [word for word in words if word.person == person]
            latest = max(own, key=lambda word: word.decided_at)
            approving = [w for w in own if w.decided_at == latest.decided_at]
            assert any(
                w.kind is DecisionKind.APPROVE and part.requirement.role in w.roles
                for w in approving
            )
