"""The flow of ``check`` and ``promote``: from words, or a comparison's button, to a request."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Command
from bot.domain.messages import StoredCard
from bot.domain.names import AliasName, ChannelId, ModelName, shown_word
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from bot.services.targets import Target
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.modals import promote_modal
from bot.views.render import Answer
from handlers.asked import HOMELESS, Asked, Prepared, Row, misused, spare
from handlers.listening import Homes, Listeners
from handlers.payloads import ButtonClick, Submission
from handlers.services import Services

CHECK = Command(
    name="check",
    arguments="NAME VERSION|@ALIAS [to ALIAS]",
    help="Show what the policies would say of a promotion, and what is missing, without asking.",
    example="check scorer 7",
    action=Action.READ,
    details=(
        "Who may promote can file a missing model card from here, and tag the version with the "
        "number that a `semver` rule proposes."
    ),
)
PROMOTE = Command(
    name="promote",
    arguments="NAME VERSION|@ALIAS [to ALIAS] [because …]",
    help="Ask for a version to become champion, or to get another alias.",
    example="promote scorer 7 because better recall on card-not-present",
    action=Action.PROMOTE,
    details=(
        "Herald checks the policies, shows the exact change and asks those who have to agree, if "
        "the policies name any. Nothing is written before they did."
    ),
)


def _check(services: Services, asked: Asked) -> Prepared:
    target = _target(CHECK, asked)
    if isinstance(target, Refusal):
        return target
    return lambda: services.propose.check(target, asked.user, asked.channel)


def _promote(services: Services, asked: Asked) -> Prepared:
    target = _target(PROMOTE, asked)
    if isinstance(target, Refusal):
        return target
    if not asked.home:
        return HOMELESS
    reason = asked.words.reason
    return lambda: services.propose.promote(target, asked.user, asked.home, reason)


def _target(command: Command, asked: Asked) -> Target | Refusal:
    words = asked.words
    if not words.names:
        return misused(command, asked, "which model?")
    if not words.selectors:
        return misused(command, asked, _which_version(words.names[1:]))
    extra = spare(asked, selectors=1, to=1)
    if extra:
        return misused(command, asked, extra)
    if "" in words.to:
        return misused(command, asked, "to which alias?")
    alias = next((AliasName(word.removeprefix("@")) for word in words.to), None)
    return Target(model=words.names[0], selector=words.selectors[0], alias=alias)


def _which_version(words: tuple[str, ...]) -> str:
    return f"'{shown_word(words[0])}' is no version; which version?" if words else "which version?"


ROWS = (Row(command=CHECK, prepare=_check), Row(command=PROMOTE, prepare=_promote))


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what the buttons *Promote* and *Check policies* do."""
    app.action(ActionId.PROMOTE)(listeners.on_click(_ask_for_reason))
    app.action(ActionId.CHECK)(listeners.on_click(_check_card))
    promote_card = partial(_promote_card, listeners.homes)
    app.view(CallbackId.PROMOTE)(listeners.on_submission(promote_card))


async def _ask_for_reason(services: Services, click: ButtonClick) -> Answer | None:
    card = await services.cards.open(click.key)
    target = shown_target(card)
    if card is None or target is None:
        return _forgotten()
    alias, version = AliasName(str(card.subject["alias"])), int(target.selector)
    modal = promote_modal(card.key, ModelName(target.model), version, alias)
    await services.modals.open(click.trigger_id, modal)
    return None


async def _check_card(services: Services, click: ButtonClick) -> Answer | None:
    target = shown_target(await services.cards.open(click.key))
    if target is None:
        return _forgotten()
    return await services.propose.check(target, click.user_id, click.channel_id)


async def _promote_card(homes: Homes, services: Services, sent: Submission) -> Answer | None:
    card = await services.cards.open(sent.key)
    target = shown_target(card)
    if card is None or target is None:
        return _forgotten()
    reason = sent.typed(BlockId.REASON, ActionId.REASON)
    home = homes.of(ChannelId(str(card.subject["channel"])))
    if not home:
        return HOMELESS
    return await services.propose.promote(target, sent.user_id, home, reason)


def shown_target(card: StoredCard | None) -> Target | None:
    """Return the version that a comparison or a check showed."""
    if card is None or "alias" not in card.subject:
        return None
    version = card.subject.get("other", card.subject.get("version", 0))
    return Target(
        model=str(card.subject["model"]),
        selector=int(version),
        alias=AliasName(str(card.subject["alias"])),
    )


def _forgotten() -> Refusal:
    return Refusal(
        what="Herald does not know this card any more. Nothing was done.",
        remedies=("Ask again: `/model compare NAME`",),
    )
