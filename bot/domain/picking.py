"""Choosing a model and its versions from menus instead of typing their names."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.names import AliasName, ModelName
from bot.domain.registry import ModelVersion, RegisteredModel

OPTION_VALUE = 150
"""Characters that Slack takes as the value of an option."""


class Purpose(StrEnum):
    """What a model is chosen for."""

    PROMOTE = "promote"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChoices:
    """What can be chosen of one model.

    Attributes:
        versions: Newest first; the newest hundred where there are more.
        likely: The version that is most likely meant: the challenger, else the newest.
        base: What it is compared with: the champion; None when there is none.
        aliases: What a version can be promoted to, the most usual first.
    """

    model: RegisteredModel
    versions: tuple[ModelVersion, ...]
    likely: int | None
    base: int | None
    aliases: tuple[AliasName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickForm:
    """A form on which a model, and then its versions, are chosen.

    Attributes:
        choices: None until a model was chosen.
        note: Why there is nothing to choose; may be empty.
    """

    purpose: Purpose
    choices: VersionChoices | None = None
    note: str = ""


def choice_of(model: ModelName) -> str:
    """Return the value that stands for a model in a menu: its name, or a digest of a long one."""
    if len(model) <= OPTION_VALUE:
        return model
    return f"#{hashlib.sha256(model.encode()).hexdigest()}"
