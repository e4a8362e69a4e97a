"""The whole state of the Slack double, and what of it outlives a restart."""

import base64
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.limits import Limits, RateLimiter
from bot.sandbox.slack.links import Hub
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Group, Json, User
from bot.sandbox.slack.report import Report
from bot.sandbox.slack.timings import Timings
from bot.sandbox.slack.triggers import Triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an app must show to get in."""

    bot: str
    app: str
    signing_secret: str = ""


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """An uploaded file; `content` is base64 text so that the state stays JSON."""

    id: str
    name: str
    title: str
    length: int
    upload_token: str
    content: str = ""
    mimetype: str = "application/octet-stream"
    channels: list[str] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """Return the bytes."""
        return base64.b64decode(self.content)

    def to_slack(self, origin: str) -> Json:
        """Return the file object of messages and of files.completeUploadExternal."""
        url = f"{origin}/files/{self.id}/{self.name}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "size": self.length,
            "url_private": url,
            "permalink": url,
            "shares": {},
        }


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """A place to which an app may answer one interaction, a few times for half an hour."""

    user: str
    channel: str
    expires_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(slots=True, kw_only=True)
class State:
    """All that a restart keeps."""

    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    last_ts: int = 0


@dataclass(slots=True, kw_only=True)
class Workspace:
    """Slack, as far as one app and its users can see it."""

    tokens: Tokens
    state: State = field(default_factory=State)
    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    timings: Timings = field(default_factory=Timings)
    limits: Limits = field(default_factory=Limits)
    origin: str = "http://127.0.0.1"
    faults: Faults = field(default_factory=Faults)
    report: Report = field(default_factory=Report)
    feed: Feed = field(default_factory=Feed)
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    triggers: Triggers = field(init=False)
    hub: Hub = field(init=False)
    limiter: RateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.triggers = Triggers(self.timings.trigger_s)
        self.hub = Hub(timings=self.timings, report=self.report)
        self.limiter = RateLimiter(self.limits)

    def next_ts(self) -> str:
        """Return a message time stamp that was never given out, also not before a restart."""
        self.state.last_ts = max(time.time_ns() // 1000, self.state.last_ts + 1)
        seconds, micros = divmod(self.state.last_ts, 10**6)
        return f"{seconds}.{micros:06d}"

    def channel(self, name: str) -> Channel:
        """Return the conversation by id, `#name` or the id of a direct message's partner."""
        if name in self.state.channels:
            return self.state.channels[name]
        if name in self.state.users and name != BOT_USER_ID:
            return self.im_with(name)
        for channel in self.state.channels.values():
            if channel.name and channel.name == name.removeprefix("#"):
                return channel
        raise SlackError("channel_not_found")

    def im_with(self, user: str) -> Channel:
        """Return the direct conversation of the bot with that person, opened when needed."""
        channel_id = f"D{user[1:]}"
        if channel_id not in self.state.channels:
            self.state.channels[channel_id] = Channel(
                id=channel_id, name="", members=[user, BOT_USER_ID], is_im=True
            )
        return self.state.channels[channel_id]

    def can_see(self, user: str, channel: Channel) -> bool:
        """Tell whether a person can open that conversation in the client."""
        if user in channel.members:
            return True
        person = self.state.users.get(user)
        closed = channel.is_im or channel.is_private
        return person is not None and not closed and not person.is_restricted

    def sees(self, user: str, message: Message) -> bool:
        """Tell whether a person who can open the conversation sees that message in it."""
        return not message.is_deleted and message.addressee in (None, user)

    def visible(self, user: str, channel: str) -> Iterator[Message]:
        """Yield the messages of a conversation that a person sees, oldest first."""
        for message in self.state.messages.get(channel, []):
            if self.sees(user, message):
                yield message

    def find(self, channel: str, ts: object) -> Message | None:
        """Return the message that stands there, ephemeral ones included."""
        for message in reversed(self.state.messages.get(channel, [])):
            if message.ts == ts and not message.is_deleted:
                return message
        return None

    def post(self, message: Message, blocks: list[Json] | None = None) -> Message:
        """Put a message into its conversation and tell the page."""
        message.show(blocks or [])
        self.state.messages.setdefault(message.channel, []).append(message)
        self.announce("message", message)
        return message

    def announce(self, event_type: str, message: Message) -> None:
        """Tell the page that a message came, changed or went."""
        self.feed.publish(
            event_type,
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            user=message.addressee,
            message=None if message.is_deleted else self.shown(message),
        )

    def shown(self, message: Message) -> Json:
        """Return a message as the human side shows it."""
        replies = [
            each
            for each in self.state.messages[message.channel]
            if each.thread_ts == message.ts != each.ts and not each.is_deleted
        ]
        return {
            "ts": message.ts,
            "channel": message.channel,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "files": [self.state.files[each].to_slack(self.origin) for each in message.files],
            "ephemeral": message.addressee is not None,
            "edited": message.edited,
            "metadata": message.metadata,
            "thread_ts": message.thread_ts,
            "reply_count": len(replies),
            "reactions": message.reactions,
        }

    def file_by(self, reference: Json) -> StoredFile | None:
        """Return the file that a block refers to by id or address."""
        for file in self.state.files.values():
            if reference.get("id") == file.id or f"/files/{file.id}/" in reference.get("url", ""):
                return file
        return None

    def deadline_of_response_url(self) -> float:
        """Return until when a response_url given out now may be used."""
        return time.time() + self.timings.response_url_s

    def new_response_url(self, target: ResponseUrl) -> str:
        """Return the address under which an app may answer one interaction."""
        token = secrets.token_urlsafe(18)
        self.state.response_urls[token] = target
        return f"{self.origin}/response/{token}"

    def response_target(self, response_url: str) -> ResponseUrl:
        """Return what was noted for a response_url that was given out."""
        return self.state.response_urls[response_url.rsplit("/", 1)[-1]]

    def save(self, path: Path) -> None:
        """Write the state as JSON, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.draft")
        draft.write_bytes(TypeAdapter(State).dump_json(self.state))
        draft.replace(path)

    def load(self, path: Path) -> None:
        """Take up the state that was saved there; nothing saved leaves all as it is."""
        if path.exists():
            self.state = TypeAdapter(State).validate_json(path.read_bytes())
