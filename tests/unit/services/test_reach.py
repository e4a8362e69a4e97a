"""Who is told what, once, whatever happens on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.agreement import DecisionKind
from bot.domain.audit import verify_chain
from bot.domain.automatic import BY_POLICY
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.messages import Filed
from bot.domain.names import SlackUserId
from bot.domain.outbox import TO_PEOPLE
from bot.domain.people import Person
from bot.domain.policy import ApprovalRequirement, ChangeKind
from bot.domain.refusal import Refusal
from bot.domain.terms import AgreementTerms, Escalation
from bot.services.announce import queue_setback
from bot.services.electorate import FEW
from bot.services.filing import Ask
from bot.services.opened_card import Click
from bot.services.reach import CARD_TRIES
from bot.services.remind import PAUSE
from bot.services.targets import Target
from tests.builders import make_request
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    CHANNEL,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    REQUESTER,
    Herald,
    ShiftedClock,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click, roll_back

PROMOTED = "CR-1 (promote scorer v7 to champion)"
HOUR = timedelta(hours=1)
ASKED = "@u0requester asks for your approval: CR-1, promote scorer v7 to champion."


async def settle(bot: Herald, rounds: int = 8) -> None:
    """Let everything that is due reach Slack."""
    for _ in range(rounds):
        await bot.core.deliver.deliver_due()
        await bot.core.reach.reach_due()
        bot.clock.ahead += timedelta(seconds=1)


async def told(bot: Herald, user: SlackUserId) -> list[str]:
    await settle(bot)
    return [text for someone, text in bot.notifier.told if someone == user]


async def waiting(bot: Herald) -> int:
    async with bot.store.transaction() as work:
        later = bot.clock.now() + timedelta(days=1)
        return len(await work.outbox.due(later, 100, TO_PEOPLE))


def describe(bot: Herald, number: int, words: str) -> None:
    """Move the evidence of a version."""
    version = bot.registry.numbered[MODEL, number]
    bot.registry.numbered[MODEL, number] = replace(version, description=words)


async def reject(bot: Herald, request: ChangeRequest, reason: str) -> None:
    pressed = Click(key=await bot.key(request.id), user=LEAD, reason=reason)
    await bot.core.services.decide.decide(pressed, DecisionKind.REJECT)


async def test_those_who_can_approve_are_told_once_and_nobody_else(bot: Herald) -> None:
    await ask(bot)
    await settle(bot, rounds=30)
    assert sorted(bot.notifier.told) == [(LEAD, ASKED), (LEAD2, ASKED)]
    assert await waiting(bot) == 0


async def test_the_message_leads_to_the_card(bot: Herald) -> None:
    request = await ask(bot)
    await settle(bot)
    place = await bot.card_at(request.id)
    assert place is not None
    assert bot.notifier.links == [await bot.notifier.link(place)] * 2


async def test_the_message_waits_for_its_card_but_not_for_ever(bot: Herald) -> None:
    await ask(bot)
    for _ in range(CARD_TRIES):
        await bot.core.reach.reach_due()
        bot.clock.ahead += timedelta(seconds=2)
    assert bot.notifier.told == []
    for _ in range(CARD_TRIES + 2):
        await bot.core.reach.reach_due()
        bot.clock.ahead += timedelta(seconds=2)
    assert [user for user, _ in bot.notifier.told] == [LEAD, LEAD2]
    assert bot.notifier.links == ["", ""]


async def test_guests_bots_and_the_requester_of_another_account_are_not_asked(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset({LEAD, LEAD2, GUEST, ADMIN, SlackUserId("U0GONE")})
    bot.directory.people[ADMIN] = replace(bot.directory.people[ADMIN], email="ada@example.com")
    known = bot.directory.people[REQUESTER]
    bot.directory.people[REQUESTER] = replace(known, email="Ada@example.com")
    await ask(bot)
    await settle(bot)
    assert sorted(user for user, _ in bot.notifier.told) == [LEAD, LEAD2]


async def test_a_crowd_is_not_told_one_by_one(bot: Herald) -> None:
    crowd = {SlackUserId(f"U0C{number}") for number in range(FEW + 1)}
    for user in crowd:
        bot.directory.people[user] = Person(id=user, name=user)
    bot.directory.groups["ml-leads"] = frozenset(crowd)
    await ask(bot)
    await settle(bot)
    assert bot.notifier.told == []


async def test_who_has_decided_before_his_turn_is_not_asked_any_more(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(ApprovalRequirement(role=LEADS, count=2),))
    request = await ask(bot)
    await click(bot, request, LEAD)
    assert await told(bot, LEAD) == []
    assert await told(bot, LEAD2) == [ASKED]


async def test_nobody_is_asked_about_a_request_that_is_over(bot: Herald) -> None:
    request = await ask(bot)
    await bot.core.services.withdraw.cancel(Click(key=await bot.key(request.id), user=REQUESTER))
    await settle(bot)
    assert bot.notifier.told == []
    assert await waiting(bot) == 0


async def test_a_lost_answer_tells_nobody_twice(bot: Herald) -> None:
    await ask(bot)
    await bot.core.deliver.deliver_due()
    await bot.core.reach.reach_due()
    bot.notifier.loses_answers = 2
    await settle(bot, rounds=20)
    assert sorted(bot.notifier.told) == [(LEAD, ASKED), (LEAD2, ASKED)]


async def test_a_restart_between_telling_and_noting_it_tells_nobody_twice(bot: Herald) -> None:
    """The next process finds the entry still there, and the message already said."""
    await ask(bot)
    await bot.core.deliver.deliver_due()
    await bot.core.reach.reach_due()
    async with bot.store.transaction() as work:
        asked = await work.outbox.due(bot.clock.now(), 9, TO_PEOPLE)
    await settle(bot)
    async with bot.store.transaction() as work:
        for entry in asked:
            await work.outbox.queue(entry)
    reborn = herald_on(bot.store, ShiftedClock(bot.clock.ahead), bot.registry, bot.serving)
    reborn.notifier.told_keys = bot.notifier.told_keys
    await settle(reborn)
    assert reborn.notifier.told == []
    assert await waiting(bot) == 0


async def test_slack_down_loses_nothing(bot: Herald) -> None:
    await ask(bot)
    bot.notifier.is_down = True
    await settle(bot)
    bot.notifier.is_down = False
    await settle(bot, rounds=40)
    assert sorted(bot.notifier.told) == [(LEAD, ASKED), (LEAD2, ASKED)]


async def test_who_cannot_be_reached_stops_nobody(bot: Herald) -> None:
    bot.notifier.unreachable.add(LEAD)
    await ask(bot)
    assert await told(bot, LEAD2) == [ASKED]
    assert await waiting(bot) == 0


async def test_an_unreadable_group_is_read_again(bot: Herald) -> None:
    await ask(bot)
    bot.directory.is_down = True
    assert await told(bot, LEAD) == []
    bot.directory.is_down = False
    await settle(bot, rounds=20)
    assert [text for user, text in bot.notifier.told if user == LEAD] == [ASKED]


async def test_changed_evidence_asks_again_and_says_what_changed(bot: Herald) -> None:
    request = await ask(bot)
    await settle(bot)
    bot.policies.policies = policy_set(content="baseline 2")
    await click(bot, request, LEAD)
    (_, again) = await told(bot, LEAD)
    assert again == (
        "CR-1, promote scorer v7 to champion, asked by @u0requester, changed since it was asked "
        "and needs your approval anew: policy baseline changed."
    )


async def test_the_requester_is_told_of_the_approval_and_of_the_good_end(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    assert await told(bot, REQUESTER) == [
        f"{PROMOTED} is approved, and begins as soon as nothing holds it up."
    ]
    await bot.execute()
    assert (await told(bot, REQUESTER))[1:] == ["CR-1 is closed: scorer v7 became champion."]


async def test_the_requester_is_told_when_what_was_approved_waits_again(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    describe(bot, 7, "other words")
    await bot.execute()
    (_, setback) = await told(bot, REQUESTER)
    assert setback == (
        "CR-1 waits for approval again: the approvals that it had no longer count. Nothing of it "
        "has begun. What changed: candidate v7: description: Version 7 → "
        "other words."
    )
    await click(bot, request, LEAD, revision=2)
    describe(bot, 7, "yet other words")
    await bot.execute()
    (_, _, approved, again) = await told(bot, REQUESTER)
    assert approved.startswith(f"{PROMOTED} is approved")
    assert again.endswith("description: other words → yet other words.")


async def test_the_requester_is_not_told_in_private_while_people_still_think(bot: Herald) -> None:
    request = await ask(bot)
    describe(bot, 7, "other words")
    assert await bot.core.renew.if_moved(request.id)
    assert await told(bot, REQUESTER) == []


async def test_the_requester_is_told_when_a_policy_asks_for_people_after_all(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(), first_release="allow")
    request = await ask(bot)
    bot.policies.policies = policy_set(content="baseline 2")
    await bot.core.renew.under_present_policies(request.id)
    (setback,) = await told(bot, REQUESTER)
    assert setback == (
        "CR-1 waits for approval after all: before, no policy asked for any. Nothing of it has "
        "begun. What changed: policy baseline changed."
    )


async def test_nobody_is_told_that_what_a_policy_proposed_waits_again(bot: Herald) -> None:
    moved = make_request(state=RequestState.PENDING, requester=BY_POLICY)
    before = replace(moved, state=RequestState.APPROVED)
    async with bot.store.transaction() as work:
        await queue_setback(work, before, moved, "tests")
    assert await waiting(bot) == 0


async def test_the_requester_is_told_of_a_rejection_with_its_reason(bot: Herald) -> None:
    request = await ask(bot)
    await reject(bot, request, "p95 is worse")
    assert await told(bot, REQUESTER) == [
        "CR-1 (promote scorer v7 to champion) is closed: rejected. Why: p95 is worse"
    ]


async def test_the_requester_is_told_when_it_expires(bot: Herald) -> None:
    await ask(bot)
    bot.clock.ahead += 25 * HOUR
    await bot.core.expire.expire_due()
    assert await told(bot, REQUESTER) == [
        "CR-1 (promote scorer v7 to champion) is closed: it expired without enough approvals."
    ]


@pytest.mark.parametrize(
    ("by", "said"), [(ADMIN, [f"{PROMOTED} is closed: cancelled."]), (REQUESTER, [])]
)
async def test_the_requester_is_told_what_others_did_and_not_what_he_did_himself(
    bot: Herald, by: SlackUserId, said: list[str]
) -> None:
    request = await ask(bot)
    await bot.core.services.withdraw.cancel(Click(key=await bot.key(request.id), user=by))
    assert await told(bot, REQUESTER) == said


async def test_the_requester_is_told_when_another_request_took_the_place(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    await ask(bot, version=5)
    await roll_back(bot, user=LEAD)
    superseded = "CR-2 (promote scorer v5 to champion) is closed: overtaken by CR-3."
    assert superseded in await told(bot, REQUESTER)


async def test_the_requester_is_told_why_a_change_was_undone(bot: Herald) -> None:
    bot.serving.failing[7] = "No module named 'lightgbm'"
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    (_, undone) = await told(bot, REQUESTER)
    assert undone.startswith(
        "CR-1 (promote scorer v7 to champion) is closed: undone, everything is as before. Why: "
    )
    assert "lightgbm" in undone


async def test_what_policies_allow_at_once_is_told_at_its_end_only(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(), first_release="allow")
    await ask(bot)
    assert await told(bot, REQUESTER) == []
    await bot.execute()
    assert await told(bot, REQUESTER) == ["CR-1 is closed: scorer v7 became champion."]


async def test_what_a_policy_proposed_asks_people_in_its_name_and_tells_nobody_its_end(
    bot: Herald,
) -> None:
    target = Target(model="scorer", selector=7)
    found = await bot.core.targets.find(target)
    assert not isinstance(found, Refusal)
    assessed = await bot.core.assessor.assess(ChangeKind.PROMOTE, found, BY_POLICY)
    assert not isinstance(assessed.outcome, Refusal)
    proposed = Ask(kind=ChangeKind.PROMOTE, requester=BY_POLICY, channel=CHANNEL, reason="new")
    filed = await bot.core.filing.file(proposed, assessed.facts, assessed.outcome)
    assert isinstance(filed, Filed)
    (said,) = await told(bot, LEAD)
    assert said == "A policy asks for your approval: CR-1, promote scorer v7 to champion."
    await reject(bot, filed.request, "not now")
    assert await told(bot, BY_POLICY) == []


async def remind(bot: Herald, ahead: timedelta) -> int:
    bot.clock.ahead += ahead
    return await bot.core.remind.remind_due()


async def test_those_still_missing_are_reminded_once(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(ApprovalRequirement(role=LEADS, count=2),))
    request = await ask(bot)
    await settle(bot)
    await click(bot, request, LEAD)
    bot.notifier.told.clear()
    assert await remind(bot, HOUR) == 0
    assert await remind(bot, 3 * HOUR) == 1
    assert await remind(bot, HOUR) == 0
    await settle(bot)
    assert bot.notifier.told == [
        (
            LEAD2,
            (
                "CR-1, promote scorer v7 to champion, has waited for 4 h and expires in 20 h. "
                "Approvals still missing: 1 of ml-leads."
            ),
        )
    ]


async def test_another_process_does_not_remind_again(bot: Herald) -> None:
    await ask(bot)
    assert await remind(bot, 4 * HOUR) == 1
    reborn = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    assert await remind(reborn, timedelta(0)) == 0


async def test_the_record_says_who_was_reminded(bot: Herald) -> None:
    request = await ask(bot)
    await remind(bot, 4 * HOUR)
    async with bot.store.transaction() as work:
        events = await work.audit.all()
    (event,) = [e.event for e in events if e.event.action == "change_request.reminded"]
    assert event.subject == request.label
    assert event.details["people"] == [LEAD, LEAD2]
    assert verify_chain(events, events[-1].hash) is None


async def test_a_policy_sets_the_time_and_the_escalation(bot: Herald) -> None:
    escalation = Escalation(after=2 * HOUR, role=ADMINS)
    terms = AgreementTerms(remind_after=HOUR, escalations=(escalation,))
    bot.policies.policies = policy_set(terms=terms)
    await ask(bot)
    await settle(bot)
    assert await remind(bot, HOUR) == 1
    assert await told(bot, ADMIN) == []
    assert await remind(bot, HOUR) == 1
    (said,) = await told(bot, ADMIN)
    assert said.startswith("CR-1, promote scorer v7 to champion, has waited for 2 h")
    assert await remind(bot, HOUR) == 0


async def test_a_reminder_names_only_the_roles_that_lack_somebody(bot: Herald) -> None:
    needed = (ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    bot.policies.policies = policy_set(approvals=needed)
    await click(bot, await ask(bot), LEAD)
    await settle(bot)
    await remind(bot, 4 * HOUR)
    *_, said = await told(bot, ADMIN)
    assert said.endswith("Approvals still missing: 1 of admins.")


async def test_nobody_is_reminded_while_the_group_cannot_be_read(bot: Herald) -> None:
    await ask(bot)
    bot.directory.is_down = True
    assert await remind(bot, 4 * HOUR) == 0
    bot.directory.is_down = False
    assert await remind(bot, PAUSE) == 1


async def test_what_changed_or_ended_meanwhile_reminds_nobody(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += 4 * HOUR
    await reject(bot, request, "no")
    assert await bot.core.remind.remind_due() == 0
