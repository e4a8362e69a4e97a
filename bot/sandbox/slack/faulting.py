"""Faults as they begin: links that go at once, and calls that will fail."""

import secrets
from typing import assert_never

from bot.sandbox.slack.deliveries import Link
from bot.sandbox.slack.faults import Fault, FaultKind
from bot.sandbox.slack.human_bodies import FaultBody
from bot.sandbox.slack.links import Hub
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace

STANDING = frozenset(
    {FaultKind.API_ERROR, FaultKind.RATE_LIMIT, FaultKind.SLOW_API, FaultKind.LINK_DISABLED}
)


async def inject(workspace: Workspace, body: FaultBody) -> Json:
    """Start a fault; those of links touch `count` links, one unless told, and are over then."""
    if body.kind in STANDING:
        workspace.faults.active.append(Fault(**body.model_dump()))
    hub = workspace.hub
    every_link = body.kind is FaultKind.LINK_DISABLED
    for link in hub.live if every_link else _some(hub, body.count):
        await _end(workspace, link, body)
    return {"ok": True}


async def _end(workspace: Workspace, link: Link, body: FaultBody) -> None:
    hub = workspace.hub
    match body.kind:
        case FaultKind.DROP_LINK:
            await hub.drop(link)
        case FaultKind.SILENT_CLOSE:
            hub.abort(link)
        case FaultKind.REFRESH:
            warning_s = workspace.timings.refresh_warning_s
            hub.start(hub.refresh(link, warning_s if body.seconds is None else body.seconds))
        case FaultKind.LINK_DISABLED:
            await hub.disable(link)
        case FaultKind.RATE_LIMIT | FaultKind.API_ERROR | FaultKind.SLOW_API:
            pass
        case _:
            assert_never(body.kind)


def heal(workspace: Workspace) -> None:
    """End all faults."""
    workspace.faults.active.clear()


def _some(hub: Hub, count: int | None) -> list[Link]:
    links = hub.live
    return secrets.SystemRandom().sample(links, min(count or 1, len(links)))
