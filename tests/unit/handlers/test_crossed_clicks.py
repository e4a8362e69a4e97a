"""Twenty people click on fifty open requests at once: each click lands on its own request."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.audit import verify_chain
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import ModelName, RequestId, SlackUserId
from bot.domain.people import Person
from bot.domain.policy import ApprovalRequirement
from bot.domain.registry import RegisteredModel
from bot.domain.store import RequestQuery
from bot.views.ids import ActionId, CallbackId
from tests.fakes.world import CHAMPION, LEADS, MODEL, REQUESTER, Herald, policy_set
from tests.unit.handlers.chat import Chat

REQUESTS = 50
PEOPLE = [SlackUserId(f"U0LEAD{number:02}") for number in range(20)]
EACH = 9
"""Requests on which one person clicks; with twenty people just within the places of the desk."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Who decided what on which request."""

    person: SlackUserId
    request: RequestId
    kind: DecisionKind


async def opened(chat: Chat, needed: int) -> None:
    """Let fifty models each have a request that so many people have to agree to."""
    bot = chat.bot
    requirement = ApprovalRequirement(role=LEADS, count=needed)
    bot.policies.policies = policy_set(approvals=(requirement,), rejections=2)
    bot.directory.groups["ml-leads"] = frozenset(PEOPLE)
    bot.directory.people |= {user: Person(id=user, name=user.lower()) for user in PEOPLE}
    for number in range(REQUESTS):
        name = ModelName(f"prod.fraud.m{number:02}")
        bot.registry.known[name] = RegisteredModel(name=name, aliases={CHAMPION: 6})
        for version in (6, 7):
            copied = replace(bot.registry.numbered[MODEL, version], name=name)
            bot.registry.numbered[name, version] = copied
        await chat.type(f"promote m{number:02} 7", REQUESTER)
    found = await stored(bot)
    assert len(found) == REQUESTS
    chat.answers.sent.clear()


async def stored(bot: Herald) -> tuple[ChangeRequest, ...]:
    async with bot.store.transaction() as work:
        return tuple(reversed(await work.requests.find(RequestQuery(limit=REQUESTS))))


async def decisions(bot: Herald) -> list[Decision]:
    async with bot.store.transaction() as work:
        numbers = range(1, REQUESTS + 1)
        return [d for n in numbers for d in await work.decisions.of(RequestId(n))]


def crossed(seed: int) -> list[Pressed]:
    """Return everybody's clicks, mixed up."""
    random = Random(seed)  # noqa: S311 - the same clicks in every run
    kinds = [DecisionKind.APPROVE, DecisionKind.APPROVE, DecisionKind.REJECT]
    pressed = [
        Pressed(person, RequestId(number), random.choice(kinds))
        for person in PEOPLE
        for number in random.sample(range(1, REQUESTS + 1), EACH)
    ]
    random.shuffle(pressed)
    return pressed


async def press_all(chat: Chat, pressed: list[Pressed]) -> None:
    keys = {p.request: await chat.bot.key(p.request) for p in pressed}

    async def press(one: Pressed) -> None:
        if one.kind is DecisionKind.APPROVE:
            await chat.click(ActionId.APPROVE, keys[one.request], one.person)
        else:
            reason = f"{one.person} on {one.request}"
            await chat.send(CallbackId.REJECT, keys[one.request], one.person, reason)

    await asyncio.gather(*map(press, pressed))
    await chat.desk.drain(60)


async def test_each_decision_lands_on_its_own_request(chat: Chat) -> None:
    await opened(chat, needed=len(PEOPLE))
    approvals = [p for p in crossed(1) if p.kind is DecisionKind.APPROVE]
    await press_all(chat, approvals)
    counted = [Pressed(d.person, d.request, d.kind) for d in await decisions(chat.bot)]
    assert Counter(counted) == Counter(approvals)
    assert chat.answers.sent == []


async def test_only_those_who_come_too_late_are_told_so_of_their_own_request(chat: Chat) -> None:
    await opened(chat, needed=2)
    pressed = crossed(2)
    await press_all(chat, pressed)
    found = await decisions(chat.bot)
    counted = {Pressed(d.person, d.request, d.kind) for d in found}
    assert counted <= set(pressed)
    late = Counter((p.person, f"CR-{p.request}") for p in set(pressed) - counted)
    sent = [(to.user, message.text) for to, message in chat.answers.sent]
    refused = Counter((user, label(text)) for user, text in sent if ON_RECORD not in text)
    assert refused == late
    kept = {(user, label(text)) for user, text in sent if ON_RECORD in text}
    assert kept <= {(p.person, f"CR-{p.request}") for p in counted}
    for request in await stored(chat.bot):
        assert ended_by(request, [d for d in found if d.request == request.id])
    async with chat.bot.store.transaction() as work:
        assert verify_chain(await work.audit.all()) is None


ON_RECORD = "is on record, but"
"""What an approval is told whose place others have filled."""


def label(text: str) -> str:
    """Return the request that an answer is about."""
    named = re.search(r"CR-\d+", text)
    return named[0] if named else text


def ended_by(request: ChangeRequest, own: list[Decision]) -> bool:
    """Tell whether a request stands as its own people's words say, each with its reason."""
    assert all(d.reason in {"", f"{d.person} on {request.id}"} for d in own)
    words = Counter(decision.kind for decision in own)
    if words[DecisionKind.REJECT] == 2:
        return request.state is RequestState.REJECTED
    if words[DecisionKind.APPROVE] >= 2:
        return request.state is RequestState.APPROVED
    return request.state is RequestState.PENDING
