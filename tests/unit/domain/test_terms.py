from datetime import timedelta

from bot.domain.names import RoleName
from bot.domain.terms import STRICT, AgreementTerms, Escalation, ReasonFrom, strictest

RISK = Escalation(after=timedelta(hours=8), role=RoleName("risk"))
LEGAL = Escalation(after=timedelta(hours=2), role=RoleName("legal"))
LENIENT = AgreementTerms(four_eyes=False, distinct=False, remind_after=timedelta(hours=9))


def test_without_any_terms_they_are_strict() -> None:
    assert strictest([]) == STRICT == AgreementTerms(four_eyes=True, distinct=True)


def test_lenient_terms_hold_only_where_nobody_is_stricter() -> None:
    assert strictest([LENIENT]) == LENIENT
    both = strictest([LENIENT, STRICT])
    assert (both.four_eyes, both.distinct) == (True, True)


def test_the_earlier_reminder_and_every_reason_and_escalation_hold() -> None:
    one = AgreementTerms(reasons=frozenset({ReasonFrom.REQUESTER}), escalations=(RISK,))
    two = AgreementTerms(
        reasons=frozenset({ReasonFrom.APPROVER}),
        remind_after=timedelta(hours=1),
        escalations=(LEGAL, RISK),
    )
    both = strictest([one, two])
    assert both.reasons == frozenset(ReasonFrom)
    assert both.remind_after == timedelta(hours=1)
    assert both.escalations == (LEGAL, RISK)


def test_order_of_policies_does_not_matter() -> None:
    other = AgreementTerms(escalations=(RISK,), remind_after=timedelta(hours=1))
    assert strictest([LENIENT, other]) == strictest([other, LENIENT])
