"""Which ways from state to state were gone in a life, and what people were answered."""

from collections.abc import Iterator

from bot.domain.audit import HERALD
from bot.domain.messages import Note
from bot.domain.refusal import Refusal
from tests.properties.trails import Trails

WAYS = frozenset(
    {
        "filed",
        "denied",
        "reminded",
        "escalated",
        "rung_anew",
        "pending -> approved approved",
        "pending -> pending evidence_renewed",
        "pending -> denied evidence_renewed",
        "pending -> denied denied",
        "pending -> rejected rejected by a person",
        "pending -> cancelled cancelled by a person",
        "pending -> expired expired",
        "pending -> superseded superseded",
        "approved -> queued queued",
        "approved -> cancelled cancelled by a person",
        "approved -> superseded superseded",
        "queued -> executing begun",
        "queued -> pending evidence_renewed",
        "queued -> denied evidence_renewed",
        "queued -> denied denied",
        "queued -> cancelled cancelled by a person",
        "queued -> superseded superseded",
        "executing -> succeeded succeeded",
        "executing -> paused paused",
        "executing -> undoing undo_begun",
        "executing -> undoing undo_begun by a person",
        "waiting -> undoing undo_begun by a person",
        "paused -> executing resumed by a person",
        "paused -> undoing undo_begun by a person",
        "paused -> failed resolved by a person",
        "undoing -> undone undone",
        "undoing -> failed failed",
        "failed -> failed resolved by a person",
    }
)
"""Every way that a request may go; there is no other."""

ANSWERS = {
    "You asked for": "it is his own",
    "Only ": "he has no such role",
    "Herald does not know this card": "nobody knows the card",
}
MIDDLES = {
    " is on record, but ": "the role had enough",
    " is not approved": "an approval says no reason",
    " is not rejected": "a rejection says no reason",
    " is not decided by you": "he is no full member",
    " already. ": "he said so already",
    " changed since this card": "it changed",
}
COUNTED = frozenset({"it counts", "the role had enough"})
UNREAD = "whether he may cannot be read"


def census(trails: Trails) -> set[str]:
    """Return the ways that requests went, by what is on record."""
    return set(_ways(trails))


def _ways(trails: Trails) -> Iterator[str]:
    for chained in trails.events:
        event = chained.event
        if not event.action.startswith("change_request."):
            continue
        what = event.action.removeprefix("change_request.")
        if "to" not in event.details:
            yield what
        else:
            by = "" if event.actor == HERALD else " by a person"
            yield f"{event.details['from']} -> {event.details['to']} {what}{by}"


def answer(told: Note | Refusal | None) -> str:
    """Return what an answer to a decision amounts to."""
    if told is None:
        return "it counts"
    text = told.text if isinstance(told, Note) else told.what
    if isinstance(told, Refusal) and any("cannot be read now" in why for why in told.reasons):
        return UNREAD
    starts = [kind for start, kind in ANSWERS.items() if text.startswith(start)]
    middles = [kind for middle, kind in MIDDLES.items() if middle in text]
    return (*starts, *middles, "it is too late")[0]


KINDS = frozenset({"it counts", "it is too late", UNREAD, *ANSWERS.values(), *MIDDLES.values()})
"""Everything that Herald may answer to a decision."""
