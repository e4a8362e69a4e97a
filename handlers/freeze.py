"""The flows of ``freeze``, ``unfreeze`` and ``freezes``: from words to a freeze, and back."""

from dataclasses import replace

from bot.domain.commands import Command
from bot.domain.people import Action
from bot.services.freeze import FreezeAsk
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.services import Services

FREEZE = Command(
    name="freeze",
    arguments="[MODEL|GLOB] [until TIME|for DURATION] because …",
    help="Hold up every promotion of some models, or of all; rollbacks are never frozen.",
    example="freeze prod.* until 18:00 Europe/Berlin because the payment provider migrates",
    action=Action.FREEZE,
    details=(
        "Without a time it lasts until somebody lifts it; a time without a zone is by your clock. "
        "What is approved meanwhile waits, and goes on by itself afterwards; what has begun is "
        "brought to its end."
    ),
)
UNFREEZE = Command(
    name="unfreeze",
    arguments="[MODEL|GLOB] [because …]",
    help="Lift a freeze that somebody declared for these models, or for all.",
    example="unfreeze prod.* because the migration is done",
    action=Action.FREEZE,
    details="The windows of policies are lifted by changing the policies.",
)
FREEZES = Command(
    name="freezes",
    arguments="",
    help="List what is frozen now, and the windows of policies in the next 14 days.",
    example="freezes",
    action=Action.READ,
)
_TIMES = {"until", "for"}


def _freeze(services: Services, asked: Asked) -> Prepared:
    names, until = _split(asked.words.names)
    extra = _spare(asked, names)
    if extra:
        return misused(FREEZE, asked, extra)
    if len(until) == 1:
        return misused(FREEZE, asked, f"{until[0]} when?")
    if not asked.words.reason:
        return misused(FREEZE, asked, "say why with `because …`; others have to wait for it")
    ask = FreezeAsk(by=asked.user, models="".join(names), until=until, reason=asked.words.reason)
    return lambda: services.freezing.freeze(ask)


def _unfreeze(services: Services, asked: Asked) -> Prepared:
    extra = spare(asked)
    if extra:
        return misused(UNFREEZE, asked, extra)
    ask = FreezeAsk(by=asked.user, models="".join(asked.words.names), reason=asked.words.reason)
    return lambda: services.freezing.unfreeze(ask)


def _freezes(services: Services, asked: Asked) -> Prepared:
    extra = spare(asked, names=0)
    if extra:
        return misused(FREEZES, asked, extra)
    return lambda: services.freezes.listed(asked.user)


def _split(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words before and from the first one that begins a time."""
    at = next((n for n, name in enumerate(names) if name.lower() in _TIMES), len(names))
    return names[:at], names[at:]


def _spare(asked: Asked, names: tuple[str, ...]) -> str | None:
    """Return which words are too many, for people; those of a time are not."""
    return spare(replace(asked, words=replace(asked.words, names=names)))


ROWS = (
    Row(command=FREEZE, prepare=_freeze),
    Row(command=UNFREEZE, prepare=_unfreeze),
    Row(command=FREEZES, prepare=_freezes),
)
