"""Names of the things Herald speaks of, as distinct types."""

import re
from typing import NewType

SlackUserId = NewType("SlackUserId", str)
ChannelId = NewType("ChannelId", str)
MessageTs = NewType("MessageTs", str)
ModelName = NewType("ModelName", str)
AliasName = NewType("AliasName", str)
EndpointName = NewType("EndpointName", str)
RoleName = NewType("RoleName", str)
RequestId = NewType("RequestId", int)
CardKey = NewType("CardKey", str)
PersonKey = NewType("PersonKey", str)

SHOWN_WORD = 60

_REQUEST_LABEL = re.compile(r"(?:cr-?)?(\d{1,9})", re.IGNORECASE)
_ALIAS = re.compile(r"[a-z0-9_-]{1,64}")


def request_label(request: RequestId) -> str:
    """Return the name people use for a change request, e.g. ``CR-1042``."""
    return f"CR-{request}"


def parse_request_label(text: str) -> RequestId | None:
    """Return the request that ``CR-7``, ``cr7`` or ``7`` names, or None when it names none."""
    match = _REQUEST_LABEL.fullmatch(text.strip())
    return RequestId(int(match[1])) if match else None


def short_name(model: ModelName) -> str:
    """Return the last part of a dotted model name: ``scorer`` of ``prod.fraud.scorer``."""
    return model.rpartition(".")[2]


def shown_word(word: str) -> str:
    """Return what somebody typed, short enough to be repeated in an answer."""
    return word if len(word) <= SHOWN_WORD else f"{word[:SHOWN_WORD]}…"


def is_usable_alias(alias: str) -> bool:
    """Tell whether Herald moves an alias of this name.

    Source:
        MLflow takes letters, digits, ``_`` and ``-``, up to 255, keeps upper and lower case apart
        and reserves ``latest`` and ``v<number>``; Herald keeps to what all registries agree on.
    """
    reserved = alias == "latest" or re.fullmatch(r"v\d+", alias) is not None
    return _ALIAS.fullmatch(alias) is not None and not reserved
