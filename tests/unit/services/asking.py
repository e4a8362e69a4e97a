"""What tests of use cases do again and again: ask, click, look."""

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import ChangeRequest
from bot.domain.messages import Filed, Note
from bot.domain.names import RequestId, SlackUserId
from bot.domain.refusal import Refusal
from bot.services.opened_card import Click
from bot.services.roll_back import RollbackAsk
from bot.services.targets import Target
from tests.fakes.world import CHANNEL, LEAD, REQUESTER, Herald


async def ask(bot: Herald, version: int = 7, user: SlackUserId = REQUESTER) -> ChangeRequest:
    answer = await bot.core.services.propose.promote(
        Target(model="scorer", selector=version), user, CHANNEL, "better recall"
    )
    assert isinstance(answer, Filed), answer
    return answer.request


async def click(
    bot: Herald, request: ChangeRequest, user: SlackUserId, revision: int = 1
) -> Note | Refusal | None:
    pressed = Click(key=await bot.key(request.id, revision), user=user)
    return await bot.core.services.decide.decide(pressed, DecisionKind.APPROVE)


async def now(bot: Herald, number: RequestId) -> ChangeRequest:
    async with bot.store.transaction() as work:
        request = await work.requests.get(number)
    assert request is not None
    return request


async def promoted(bot: Herald, version: int = 7) -> ChangeRequest:
    """Promote a version to its good end."""
    request = await ask(bot, version)
    assert await click(bot, request, LEAD) is None
    await bot.execute()
    return await now(bot, request.id)


async def roll_back(
    bot: Herald, version: int | None = None, user: SlackUserId = REQUESTER
) -> Filed | Refusal:
    return await bot.core.services.roll_back.roll_back(
        RollbackAsk(
            model="scorer", version=version, requester=user, channel=CHANNEL, reason="false alarms"
        )
    )
