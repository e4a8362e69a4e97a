"""What listeners may ask for: the use cases, and the ways to answer one person."""

from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.messages import Addressee
from bot.domain.names import SlackUserId
from bot.domain.ports import HealthBoard, Voice
from bot.services.automatic import AskAutomatic
from bot.services.browse import Browse
from bot.services.card_keys import CardKeys
from bot.services.compare import Compare
from bot.services.compliance import Compliance
from bot.services.decide import Decide
from bot.services.endpoints import Endpoints
from bot.services.freeze import Freezing, ListFreezes
from bot.services.health import AskHealth
from bot.services.home import Home
from bot.services.introduce import Introduce
from bot.services.model_card import FileCard
from bot.services.pick import Pick
from bot.services.propose import Propose
from bot.services.requests import AskRequests
from bot.services.resolve import Resolve
from bot.services.roll_back import RollBack
from bot.services.tag_version import TagVersion
from bot.services.withdraw import Withdraw
from bot.views.message import Message


class PrivateAnswers(Protocol):
    """Shows something to one person."""

    async def answer(self, to: Addressee, message: Message) -> None:
        """Show a message to one person only."""
        ...


class Modals(Protocol):
    """Opens and fills modals."""

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal while the trigger lives (3 s); return its id."""
        ...

    async def update(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace what an open modal shows."""
        ...


class HomeTabs(Protocol):
    """Shows the home tab of Herald's app."""

    async def publish(self, user: SlackUserId, view: dict[str, Any]) -> None:
        """Show a home tab to the one person whose it is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case that people can reach."""

    browse: Browse
    endpoints: Endpoints
    health: AskHealth
    introduce: Introduce
    compare: Compare
    compliance: Compliance
    file_card: FileCard
    tag_version: TagVersion
    pick: Pick
    home: Home
    propose: Propose
    roll_back: RollBack
    decide: Decide
    withdraw: Withdraw
    requests: AskRequests
    resolve: Resolve
    freezing: Freezing
    freezes: ListFreezes
    automatic: AskAutomatic
    cards: CardKeys
    voice: Voice
    board: HealthBoard
    modals: Modals
    home_tabs: HomeTabs
