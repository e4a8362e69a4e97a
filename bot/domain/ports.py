"""What Herald needs from the world, in its own words.

Every call may raise ``BackEndUnavailableError`` when no usable answer comes within the adapter's
deadline, and ``BackEndRefusedError`` when the back end says no; what else it raises is said there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.compliance import ComplianceReport
from bot.domain.figures import Reading
from bot.domain.freezing import FreezeNews
from bot.domain.health import HealthReport
from bot.domain.messages import Comparison, MessageRef, Note, RequestCard
from bot.domain.names import (
    AliasName,
    ChannelId,
    EndpointName,
    ModelName,
    RequestId,
    SlackUserId,
)
from bot.domain.people import Addresses, Person
from bot.domain.pictures import Picture
from bot.domain.policy import PolicySet
from bot.domain.registry import ModelContents, ModelVersion, RegisteredModel, Run
from bot.domain.serving import Route, ServingEndpoint


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class IdSource(Protocol):
    """Makes names that nobody can guess."""

    def new(self) -> str:
        """Return a fresh random name of letters, digits, ``-`` and ``_``, 22 characters."""
        ...


class ModelRegistry(Protocol):
    """Reads registered models."""

    async def models(self) -> tuple[RegisteredModel, ...]:
        """Return every registered model, by name; aliases may be missing here."""
        ...

    async def model(self, name: ModelName) -> RegisteredModel:
        """Return a model with all its aliases; ``NotFoundError`` when there is none."""
        ...

    async def versions(self, name: ModelName) -> tuple[ModelVersion, ...]:
        """Return the versions of a model, newest first; tags and metrics may be missing here."""
        ...

    async def version(self, name: ModelName, version: int) -> ModelVersion:
        """Return one version whole; ``NotFoundError`` when there is none."""
        ...


class RegistryWriter(Protocol):
    """Changes what a registry holds; each call may be repeated without harm."""

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        """Let an alias name a version, or nothing when ``version`` is None."""
        ...

    async def set_tags(self, name: ModelName, version: int, tags: Mapping[str, str | None]) -> None:
        """Set tags of a version; None takes a tag away. Other tags stay."""
        ...


class ExperimentTracking(Protocol):
    """Reads the runs that trained versions."""

    async def run(self, run_id: str) -> Run:
        """Return a run; ``NotFoundError`` when there is none."""
        ...


class ArtifactReader(Protocol):
    """Reads files that belong to versions and runs."""

    async def contents(self, version: ModelVersion) -> ModelContents:
        """Return what the version's own files say of it."""
        ...

    async def run_artifact(self, run_id: str, path: str) -> bytes | None:
        """Return a run's artifact (at most 1 MiB), or None when it is known not to exist."""
        ...

    async def run_folder(self, run_id: str, folder: str) -> frozenset[str]:
        """Return the paths of what lies directly in a folder of a run's artifacts.

        The empty text stands for all of the run. Paths begin at the run; those of folders end in
        ``/``. A folder that is not there, or of a run that is not there, is empty.
        """
        ...


class TableReader(Protocol):
    """Knows on which tables versions depend."""

    async def tables(self, model: ModelName, version: int) -> tuple[str, ...]:
        """Return the full names of the tables that the registry notes with a version, sorted.

        ``NotFoundError`` when it does not know the version.
        """
        ...


class PrivilegeReader(Protocol):
    """Knows what people may do in the registry by themselves."""

    async def privileges(self, email: str, model: ModelName) -> frozenset[str] | None:
        """Return what a person holds on a model, inherited privileges and groups' included.

        Names are upper case with ``_``, as in Unity Catalog's API; ``OWNER`` for the owner. None
        where the registry has no privileges. ``NotFoundError`` when it does not know the person
        or the model.
        """
        ...


class ArtifactWriter(Protocol):
    """Writes files beside what runs have written."""

    async def write(self, run_id: str, path: str, content: bytes) -> None:
        """Store an artifact of a run, in place of an earlier one of the same path."""
        ...


class ServingPlatform(Protocol):
    """Reads and changes serving endpoints."""

    async def endpoints_serving(self, model: ModelName) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint of which a served entity names the model, by name."""
        ...

    async def overview(self) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint, by name; traffic and pending updates may be missing here."""
        ...

    async def endpoint(self, name: EndpointName) -> ServingEndpoint:
        """Return an endpoint as it stands; ``NotFoundError`` when there is none."""
        ...

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        """Ask the endpoint to serve these routes of the model, neighbours unchanged.

        Returns as soon as the platform took the update, or at once when the endpoint already
        serves, or is about to serve, exactly this. Raises ``EndpointBusyError`` while another
        update is in progress, ``NotFoundError`` when there is no such endpoint.
        """
        ...


class EndpointMetrics(Protocol):
    """Reads what endpoints measure of themselves."""

    async def read(self, name: EndpointName) -> Reading:
        """Return what an endpoint shows now; what it does not show is None, and it says why."""
        ...


class Directory(Protocol):
    """Knows people and groups."""

    async def person(self, user: SlackUserId) -> Person:
        """Return who somebody is now; ``NotFoundError`` for an unknown id."""
        ...

    async def members(self, group: str) -> frozenset[SlackUserId]:
        """Return the members of a user group (handle or id), at most 60 s old.

        Raises ``NotFoundError`` when there is no such group.
        """
        ...

    async def group_id(self, group: str) -> str:
        """Return the id of a user group (handle or id); ``NotFoundError`` when there is none."""
        ...

    async def by_email(self, address: str) -> SlackUserId | None:
        """Return whose e-mail address this is, at most 60 s old; None for nobody's."""
        ...


class PlatformGroups(Protocol):
    """Knows the groups of the platform on which models live."""

    async def groups_of(self, email: str) -> frozenset[str]:
        """Return the groups of whoever has this address, at most 60 s old."""
        ...

    async def members(self, group: str) -> Addresses:
        """Return the addresses of a group's own members, at most 60 s old."""
        ...


class PolicySource(Protocol):
    """Holds the policies in force."""

    def current(self) -> PolicySet:
        """Return the policies in force now."""
        ...


class Notifier(Protocol):
    """Shows cards in channels; ``ChannelClosedError`` where Herald cannot post."""

    async def post(self, channel: ChannelId, card: RequestCard) -> MessageRef:
        """Post a new card. Nobody knows whether it arrived when this raises *unavailable*."""
        ...

    async def update(self, message: MessageRef, card: RequestCard) -> None:
        """Redraw a card in place; ``NotFoundError`` when the message is gone."""
        ...

    async def find(self, channel: ChannelId, request: RequestId) -> MessageRef | None:
        """Return the card of a request among the channel's recent messages, or None."""
        ...

    async def reply(self, message: MessageRef, text: str, key: str, ring: str = "") -> None:
        """Post into a card's thread, once per key among its recent replies.

        Args:
            message: The card.
            text: What.
            key: Makes it once.
            ring: Id of the group whose people are to be rung; empty for nobody.
        """
        ...


Announced = FreezeNews | ComplianceReport | Note
"""What a whole channel is told beside the cards."""


class Voice(Protocol):
    """Says things beside the cards, to one person or to a channel."""

    async def tell(self, user: SlackUserId, text: str, key: str = "", link: str = "") -> None:
        """Tell one person something in private.

        Args:
            user: Whom.
            text: What.
            key: Makes it once per key among the recent messages to this person; empty for always.
            link: Address of the message it is about; may be empty.
        """
        ...

    async def link(self, message: MessageRef) -> str:
        """Return the address at which people find a message."""
        ...

    async def share(self, channel: ChannelId, comparison: Comparison) -> None:
        """Post a comparison for everybody in a channel."""
        ...

    async def announce(self, channel: ChannelId, news: Announced, key: str = "") -> None:
        """Tell everybody in a channel of a freeze, or of something else.

        Args:
            channel: Which.
            news: What.
            key: By which ``has_announced`` finds it; empty where nobody looks for it.
        """
        ...

    async def has_announced(self, channel: ChannelId, key: str) -> bool:
        """Tell whether something is among the channel's recent messages."""
        ...


class Painter(Protocol):
    """Draws pictures; what it cannot draw goes without."""

    async def comparison(self, comparison: Comparison) -> Picture | None:
        """Return a comparison drawn, or None when it cannot be drawn here and now."""
        ...


class HealthBoard(Protocol):
    """Shows the health of endpoints in channels."""

    async def post_health(self, channel: ChannelId, report: HealthReport, slot: str) -> MessageRef:
        """Post a report. Nobody knows whether it arrived when this raises *unavailable*.

        Args:
            channel: Where everybody reads it.
            report: What it says.
            slot: Travels with it, so that it can be found again; empty for a shared one.
        """
        ...

    async def find_health(self, channel: ChannelId, slot: str) -> MessageRef | None:
        """Return the report of a slot among the channel's recent messages, or None."""
        ...


class WakeUp(Protocol):
    """Tells the runner that there is something to do."""

    def wake(self) -> None:
        """Let claims and outbox be looked at now rather than at the next tick."""
        ...
