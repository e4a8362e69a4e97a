"""Socket Mode: up to ten links, each envelope to any one of them, an acknowledgement in time."""

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.slack.deliveries import Ack, Delivery, Link, Sender
from bot.sandbox.slack.people import APP_ID, Json
from bot.sandbox.slack.report import Report
from bot.sandbox.slack.timings import Timings

# Slack: at most ten connections per app (docs.slack.dev, using Socket Mode).
LINK_LIMIT = 10
TICKET_LIFETIME_S = 30.0
# A refreshed link is closed this long after the last request to go.
CLOSE_GRACE_S = 1.0
HOST = "applink-sandbox"


@dataclass(slots=True, kw_only=True)
class Hub:
    """The app's links, and the envelopes that wait for an acknowledgement.

    Args:
        sender: Takes all envelopes, instead of links, when the app is in HTTP mode.
    """

    timings: Timings
    report: Report
    links: list[Link] = field(default_factory=list)
    tickets: dict[str, float] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    sender: Sender | None = None

    def issue_ticket(self) -> str:
        """Return a ticket that opens one link."""
        ticket = secrets.token_urlsafe(16)
        self.tickets[ticket] = time.monotonic() + TICKET_LIFETIME_S
        return ticket

    @property
    def live(self) -> list[Link]:
        """Return the links that take envelopes."""
        return [link for link in self.links if link.takes_envelopes]

    @property
    def is_up(self) -> bool:
        """Tell whether the app can be reached."""
        return bool(self.live) if self.sender is None else self.sender.is_up

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one link from hello to its end."""
        expires_at = self.tickets.pop(request.query.get("ticket", ""), 0.0)
        if time.monotonic() > expires_at:
            raise web.HTTPUnauthorized(text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        if len(self.links) >= LINK_LIMIT:
            await socket.send_json(disconnect_frame("too_many_websockets"))
            await socket.close()
            return socket
        link = Link(socket=socket, request=request)
        self.links.append(link)
        try:
            await socket.send_json(self._hello())
            await self._read(link)
        finally:
            self._detach(link)
        return socket

    async def deliver(self, envelope: Json, *, kind: str, avoid: Link | None = None) -> Ack:
        """Send one envelope to any one link and wait for its acknowledgement."""
        if self.sender is not None:
            return await self.sender.carry(envelope, kind)
        envelope_id = str(uuid.uuid4())
        delivery = await self._send({"envelope_id": envelope_id, **envelope}, kind, avoid)
        if delivery is None:
            return Ack(error="dispatch_failed")
        try:
            ack = await asyncio.wait_for(asyncio.shield(delivery.answer), self.timings.ack_s)
        except TimeoutError:
            self._note_missing(delivery)
            return Ack(error="operation_timeout", link=delivery.link)
        del self.deliveries[envelope_id]
        return ack

    def deliver_event(self, payload: Json) -> None:
        """Send an event in the background, again after Slack's pauses when it stays unanswered."""
        self.start(self._deliver_event(payload))

    async def deliver_event_once(self, payload: Json) -> Ack:
        """Send an event and wait for its acknowledgement."""
        return await self.deliver(event_envelope(payload), kind="events_api")

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Run something in the background until the hub closes."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def drop(self, link: Link) -> None:
        """Close one link at once."""
        self._cut(link)
        await link.socket.close(code=WSCloseCode.GOING_AWAY)

    def abort(self, link: Link) -> None:
        """Cut one link's connection without a close frame."""
        self._cut(link)
        if link.request.transport is not None:
            link.request.transport.abort()

    async def refresh(self, link: Link, warning_s: float) -> None:
        """Warn, ask the app to come again on a fresh link, then close this one."""
        await self._tell(link, "warning")
        await asyncio.sleep(warning_s)
        link.takes_envelopes = False
        await self._tell(link, "refresh_requested")
        await asyncio.sleep(CLOSE_GRACE_S)
        await link.socket.close()

    async def disable(self, link: Link) -> None:
        """Say that Socket Mode was switched off, and close."""
        await self._tell(link, "link_disabled")
        await self.drop(link)

    async def close(self) -> None:
        """Close all links and end the background work."""
        for task in list(self.tasks):
            task.cancel()
        for link in list(self.links):
            await self.drop(link)
        if self.sender is not None:
            await self.sender.close()

    async def _deliver_event(self, payload: Json) -> None:
        reason, last = "", None
        for attempt, pause in enumerate((0.0, *self.timings.event_retries_s)):
            await asyncio.sleep(pause)
            envelope = event_envelope(payload, attempt, reason)
            ack = await self.deliver(envelope, kind="events_api", avoid=last)
            if ack.error is None or ack.is_final:
                return
            reason, last = ack.reason, ack.link

    async def _send(self, envelope: Json, kind: str, avoid: Link | None) -> Delivery | None:
        candidates = [link for link in self.live if link is not avoid] or self.live
        secrets.SystemRandom().shuffle(candidates)
        for link in candidates:
            delivery = Delivery(
                kind=kind, link=link, accepts_payload=bool(envelope["accepts_response_payload"])
            )
            self.deliveries[envelope["envelope_id"]] = delivery
            try:
                await link.socket.send_json(envelope)
            except ConnectionError:
                continue
            return delivery
        self.deliveries.pop(envelope["envelope_id"], None)
        return None

    async def _read(self, link: Link) -> None:
        async for frame in link.socket:
            if frame.type is WSMsgType.TEXT:
                self._take_ack(frame.data)

    def _take_ack(self, text: str) -> None:
        try:
            answer = json.loads(text)
            envelope_id = answer["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.report.violate("bad_ack", f"not an acknowledgement: {text[:200]}")
            return
        delivery = self.deliveries.get(envelope_id)
        if delivery is None or delivery.answer.done():
            return
        ms = (time.perf_counter() - delivery.sent_at) * 1000
        self.report.acks[delivery.kind].append(ms)
        if ms > self.timings.ack_s * 1000 and not delivery.is_excused:
            self.report.violate("late_ack", f"{delivery.kind} acknowledged after {ms:.0f} ms")
        if answer.get("payload") and not delivery.accepts_payload:
            self.report.violate("unexpected_payload", f"{delivery.kind} takes no payload")
        delivery.answer.set_result(Ack(payload=answer.get("payload") or None, ms=round(ms, 2)))

    def _note_missing(self, delivery: Delivery) -> None:
        if not delivery.is_excused:
            waited = f"{self.timings.ack_s:g} s"
            self.report.violate("missing_ack", f"{delivery.kind} not acknowledged in {waited}")

    def _detach(self, link: Link) -> None:
        if link in self.links:
            self.links.remove(link)
        link.takes_envelopes = False
        if link.socket.close_code == WSCloseCode.ABNORMAL_CLOSURE:
            link.was_cut = True

    def _cut(self, link: Link) -> None:
        link.was_cut = True
        link.takes_envelopes = False

    async def _tell(self, link: Link, reason: str) -> None:
        with suppress(ConnectionError):
            await link.socket.send_json(disconnect_frame(reason))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {
                "host": HOST,
                "build_number": 54,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": APP_ID},
        }


def disconnect_frame(reason: str) -> Json:
    """Return the frame by which Slack announces the end of a link."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}


def event_envelope(payload: Json, attempt: int = 0, reason: str = "") -> Json:
    """Return the envelope of an event, without its id."""
    return {
        "type": "events_api",
        "payload": payload,
        "accepts_response_payload": False,
        "retry_attempt": attempt,
        "retry_reason": reason,
    }
