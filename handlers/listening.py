"""What every listener does: parse the payload, queue one piece of work, acknowledge, return."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.messages import Addressee
from bot.domain.names import CardKey, ChannelId, SlackUserId
from bot.domain.refusal import Refusal
from bot.views.ids import BlockId
from bot.views.modals import failed_modal
from bot.views.refusals import plain_text
from bot.views.render import Answer
from handlers.desk import Desk
from handlers.payloads import ButtonClick, ShortcutUse, Submission
from handlers.services import Services
from handlers.settled import Settled

log = logging.getLogger(__name__)

ClickFlow = Callable[[Services, ButtonClick], Awaitable[Answer | None]]
SubmissionFlow = Callable[[Services, Submission], Awaitable[Answer | None]]
ShortcutFlow = Callable[[Services, ShortcutUse], Awaitable[Answer | None]]
Listener = Callable[..., Awaitable[None]]
Payload = TypeVar("Payload", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Where the public cards of changes go.

    Attributes:
        releases_channel: For what was asked in private; may be empty.
    """

    releases_channel: ChannelId

    def of(self, channel: ChannelId) -> ChannelId:
        """Return where the card of a change goes that was asked for in a channel.

        What is asked for in private, or from no channel, goes to the channel of releases: nobody
        could approve it elsewhere. Empty when there is none.
        """
        is_shared = channel and not channel.startswith("D")
        return channel if is_shared else self.releases_channel


NOT_UNDERSTOOD = "Herald did not understand what Slack sent. Nothing was done."


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a modal asks for.

    Attributes:
        block: Where an error is shown that belongs to no block; empty where nothing is asked for,
            and an error takes the place of the question.
        missing: Returns what is missing or wrong, by block; looks at the words only.
        settles: Whether it closes only when its work is done; a refusal is then told in it.
    """

    block: str
    missing: Callable[[Submission], dict[str, str]]
    settles: bool = False


def _nothing(sent: Submission) -> dict[str, str]:
    del sent
    return {}


REASON_FORM = Form(block=BlockId.REASON, missing=_nothing, settles=True)
QUESTION = Form(block="", missing=_nothing, settles=True)
"""Asks whether something is really to be done."""
UNKNOWN_FORM = Form(block=BlockId.REASON, missing=_nothing)


class Listeners:
    """Makes listeners out of flows."""

    def __init__(self, services: Services, desk: Desk, homes: Homes) -> None:
        self.services = services
        self.desk = desk
        self.homes = homes

    def on_click(self, flow: ClickFlow) -> Listener:
        """Return the listener that hands a click over to a flow."""

        async def listen(ack: AsyncAck, click: ButtonClick) -> None:
            self.desk.take_or_tell(lambda: flow(self.services, click), _clicker(click))
            await ack()

        return _parsing(ButtonClick, listen)

    def on_decision(self, flow: ClickFlow) -> Listener:
        """Return the listener of a click that is acknowledged once its work is done."""

        async def listen(ack: AsyncAck, click: ButtonClick) -> None:
            settled = Settled(lambda: flow(self.services, click))
            if self.desk.take_or_tell(settled.run, _clicker(click)):
                await settled.wait()
            await ack()

        return _parsing(ButtonClick, listen)

    def on_shortcut(self, flow: ShortcutFlow) -> Listener:
        """Return the listener that hands the use of a shortcut over to a flow."""

        async def listen(ack: AsyncAck, used: ShortcutUse) -> None:
            asker = Addressee(user=used.user_id, channel=ChannelId(""))
            self.desk.take_or_tell(lambda: flow(self.services, used), asker)
            await ack()

        return _parsing(ShortcutUse, listen)

    def on_submission(self, flow: SubmissionFlow, form: Form = REASON_FORM) -> Listener:
        """Return the listener that hands over what was typed into a modal, and closes it.

        When something is missing or refused, or there is no place for the work, the modal stays
        open and says so, so that nothing typed is lost.
        """

        async def listen(ack: AsyncAck, sent: Submission) -> None:
            missing = form.missing(sent)
            refused = None if missing else await self._refused(flow, form, sent)
            if missing:
                await ack(response_action="errors", errors=missing)
            elif refused is None:
                await ack()
            else:
                await ack(**_told_in(form, plain_text(refused)))

        return _parsing(Submission, listen)

    async def _refused(self, flow: SubmissionFlow, form: Form, sent: Submission) -> Refusal | None:
        """Begin the work, and return what the form has to say if it stays open."""
        tell = self.desk.told if form.settles else None
        settled = Settled(lambda: flow(self.services, sent), tell)
        refused = self.desk.take(settled.run, lambda: self._sender(sent.user_id, sent.key))
        if refused is None and form.settles:
            refused = await settled.wait()
        return refused

    async def _sender(self, user: SlackUserId, key: CardKey) -> Addressee:
        """Find where a modal came from: Slack does not say it with the submission."""
        card = await self.services.cards.open(key)
        channel = str(card.subject.get("channel", "")) if card else ""
        return Addressee(user=user, channel=ChannelId(channel))


def _told_in(form: Form, words: str) -> dict[str, Any]:
    """Return the acknowledgement that says in an open form why nothing was done."""
    if form.block:
        return {"response_action": "errors", "errors": {form.block: words}}
    return {"response_action": "update", "view": failed_modal("Nothing was done", words)}


def _parsing(
    shape: type[Payload], listen: Callable[[AsyncAck, Payload], Awaitable[None]]
) -> Listener:
    """Return a listener that ignores, but acknowledges, what is not of its shape."""

    async def parse(ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            payload = shape.model_validate(body)
        except ValidationError:
            log.warning("a payload that is no %s was ignored", shape.__name__)
            await ack()
            return
        await listen(ack, payload)

    return parse


def _clicker(click: ButtonClick) -> Addressee:
    return Addressee(user=click.user_id, channel=click.channel_id, response_url=click.response_url)
