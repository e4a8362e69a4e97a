"""Typed text as Slack hands it on: names become tokens, the rest is escaped."""

import re
from collections.abc import Iterator

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace

ESCAPED_TOKEN = re.compile(r"<(@[UW][A-Z0-9]+|#C[A-Z0-9]+)(?:\|[^<>|]*)?>")
TYPED_MENTION = re.compile(r"(?<![\w@])@([a-z0-9](?:[\w.-]*\w)?)", re.IGNORECASE)


def for_command(workspace: Workspace, text: str) -> str:
    """Return the text of a slash command; its tokens carry the names too."""
    return "".join(
        _named(workspace, part) if is_token else _escape(part)
        for is_token, part in _parts(workspace, text)
    )


def for_message(workspace: Workspace, text: str) -> str:
    """Return the text of a message; its tokens carry ids alone."""
    return "".join(
        f"<{part}>" if is_token else _escape(part) for is_token, part in _parts(workspace, text)
    )


def as_rich_text(workspace: Workspace, text: str) -> Json:
    """Return the block into which the client turns what was typed."""
    elements = [_element(is_token, part) for is_token, part in _parts(workspace, text)]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _parts(workspace: Workspace, text: str) -> Iterator[tuple[bool, str]]:
    """Yield tokens, such as `@U0RISK`, and the words between them."""
    end = 0
    for token in ESCAPED_TOKEN.finditer(text):
        yield from _mentions(workspace, text[end : token.start()])
        yield True, token[1]
        end = token.end()
    yield from _mentions(workspace, text[end:])


def _mentions(workspace: Workspace, words: str) -> Iterator[tuple[bool, str]]:
    ids = {user.name.lower(): user.id for user in workspace.state.users.values()}
    end = 0
    for typed in TYPED_MENTION.finditer(words):
        name = typed[1].lower()
        if name in ids:
            yield from _words(words[end : typed.start()])
            yield True, f"@{ids[name]}"
            end = typed.end()
    yield from _words(words[end:])


def _words(text: str) -> Iterator[tuple[bool, str]]:
    if text:
        yield False, text


def _element(is_token: bool, part: str) -> Json:  # noqa: FBT001 - one of the two values of a part
    if not is_token:
        return {"type": "text", "text": part}
    if part[0] == "@":
        return {"type": "user", "user_id": part[1:]}
    return {"type": "channel", "channel_id": part[1:]}


def _named(workspace: Workspace, mention: str) -> str:
    known = workspace.state.users if mention[0] == "@" else workspace.state.channels
    entry = known.get(mention[1:])
    return f"<{mention}|{entry.name}>" if entry else f"<{mention}>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
