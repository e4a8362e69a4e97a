"""Opens the card behind a button: what it showed, and how its request stands now."""

from dataclasses import dataclass

from bot.domain.change_request import ChangeRequest
from bot.domain.differences import in_a_row
from bot.domain.messages import CardKind, Note
from bot.domain.names import CardKey, RequestId, SlackUserId, request_label
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.domain.told_state import told_state

NO_EFFECT = "Your click changed nothing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed a button of a request's card.

    Attributes:
        key: The button's value.
        reason: What the person wrote in a modal; may be empty.
    """

    key: CardKey
    user: SlackUserId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCard:
    """A request as it is now, and the evidence revision that the clicked card showed."""

    request: ChangeRequest
    revision: int

    @property
    def shows_present_evidence(self) -> bool:
        """Whether the card was drawn from the evidence on which people decide now."""
        return self.revision == self.request.evidence.revision


async def open_card(store: Store, key: CardKey) -> OpenedCard | Refusal:
    """Return the card behind a key, or the refusal of a key that leads nowhere."""
    async with store.transaction() as work:
        card = await work.cards.get(key)
        if card is None or card.kind is not CardKind.REQUEST:
            return unknown_card()
        request = await work.requests.get(RequestId(int(card.subject["request"])))
    return OpenedCard(request=request, revision=card.revision) if request else unknown_card()


def unknown_card() -> Refusal:
    """Return the refusal of a button whose card is not on record."""
    return Refusal(
        what=f"Herald does not know this card. {NO_EFFECT}",
        reasons=("it was made by another Herald, or its record was deleted",),
        remedies=("See what is open: `/model requests`",),
    )


def no_such_request(number: RequestId) -> Refusal:
    """Return the refusal of a number that no request has."""
    return Refusal(
        what=f"There is no {request_label(number)}",
        remedies=("See what there is: `/model requests all`",),
    )


def too_late(request: ChangeRequest) -> Note:
    """Return the present truth for a click that can no longer count."""
    return Note(text=f"{told_state(request)}. {NO_EFFECT}")


def outdated(request: ChangeRequest) -> Note:
    """Return the answer to a click on evidence that has moved."""
    if request.closed_at is not None:
        return too_late(request)
    moved = in_a_row(request.evidence.differences) or "the evidence moved"
    return Note(
        text=f"{request.label} changed since this card was drawn: {moved}. {NO_EFFECT} "
        "Look at the redrawn card and decide there."
    )
