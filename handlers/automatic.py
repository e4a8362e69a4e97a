"""The flow of ``automatic``: what policies propose by themselves, on or off."""

from bot.domain.commands import Command
from bot.domain.people import Action
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.services import Services

AUTOMATIC = Command(
    name="automatic",
    arguments="[on|off because …]",
    help="Show what policies propose by themselves, or stop and start that.",
    example="automatic off because the nightly training is broken",
    action=Action.READ,
    details=(
        "Switching needs the action `automate`. Off stops every new proposal at once; "
        "requests that are open stay as they are."
    ),
)
_SIDES = {"on": True, "off": False}


def _automatic(services: Services, asked: Asked) -> Prepared:
    extra = spare(asked)
    if extra:
        return misused(AUTOMATIC, asked, extra)
    if not asked.words.names:
        return lambda: services.automatic.shown(asked.user)
    side = asked.words.names[0].lower()
    if side not in _SIDES:
        return misused(AUTOMATIC, asked, f"'{side}' is neither on nor off")
    if not asked.words.reason:
        return misused(AUTOMATIC, asked, "why? Others have to understand it later")
    return lambda: services.automatic.switch(asked.user, asked.words.reason, is_on=_SIDES[side])


ROWS = (Row(command=AUTOMATIC, prepare=_automatic),)
