"""What somebody sees on the home tab of Herald's app."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.automatic import Switch
from bot.domain.change_request import ChangeRequest
from bot.domain.freezing import Freeze
from bot.domain.names import CardKey, EndpointName


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRequest:
    """A change request on somebody's home tab.

    Attributes:
        key: Key of its card; empty when it has none.
        link: Address of its card in the channel; empty when that is not known.
    """

    request: ChangeRequest
    key: CardKey
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLook:
    """An endpoint that somebody has to look at, and why."""

    name: EndpointName
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSheet:
    """Everything on one person's home tab, read from the record at one moment.

    Attributes:
        waiting: Requests that lack his decision, newest first; ``waiting_total`` counts all.
        mine: His own requests, open ones first; ``mine_total`` counts all.
        looks: Endpoints that need a look; None when Herald has seen none of late.
        may_promote: Whether he may ask for promotions.
        freezes: What is frozen now, what lasts longest first.
        stopped: Who stopped automatic proposals; None while they go on, or where none are made.
    """

    waiting: tuple[HomeRequest, ...]
    waiting_total: int
    mine: tuple[HomeRequest, ...]
    mine_total: int
    looks: tuple[EndpointLook, ...] | None
    shown_at: datetime
    may_promote: bool = True
    freezes: tuple[Freeze, ...] = ()
    stopped: Switch | None = None
