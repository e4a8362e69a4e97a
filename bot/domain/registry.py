"""Registered models, their versions, runs and contents, as facts read from a registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.names import AliasName, ModelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One logged value.

    Attributes:
        key: Name under which it was logged.
        value: May be NaN or infinite: whoever decides on it has to look.
        dataset_name: Dataset it was measured on, when logged with one.
        dataset_digest: Digest of that dataset.
        logged_at: When it was logged; None when that is not known.
    """

    key: str
    value: float
    dataset_name: str | None = None
    dataset_digest: str | None = None
    logged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset that a run read.

    Attributes:
        context: What it was read for: ``training``, ``eval``; empty when not said.
        source: The table or path that it came from; empty when not said, or when code made it.
    """

    name: str
    digest: str
    context: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContents:
    """What a version's files say about it.

    Attributes:
        inputs: Input schema as canonical JSON text; None when the model has no signature.
        outputs: Output schema, likewise.
        requirements: Lines of ``requirements.txt``; None when the file is missing.
    """

    inputs: str | None = None
    outputs: str | None = None
    requirements: tuple[str, ...] | None = None

    @property
    def packages(self) -> tuple[str, ...]:
        """The requirements without blank lines and comments."""
        lines = (line.strip() for line in self.requirements or ())
        return tuple(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """One version of a registered model; its number never changes and is never used again."""

    name: ModelName
    version: int
    description: str = ""
    run_id: str | None = None
    model_id: str | None = None
    created_at: datetime | None = None
    created_by: str = ""
    is_ready: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """A named line of versions.

    Attributes:
        aliases: Alias → version number, names exactly as the registry holds them.
    """

    name: ModelName
    description: str = ""
    aliases: Mapping[AliasName, int] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run that trained a version."""

    run_id: str
    user: str = ""
    started_at: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: tuple[Dataset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVariant:
    """An alias that differs from the configured one only by upper and lower case."""

    found: AliasName
    configured: AliasName

    def told(self) -> str:
        """Return the fact for people."""
        return f"the model has an alias `{self.found}`, Herald moves `{self.configured}`"


def case_variant(model: RegisteredModel, alias: AliasName) -> CaseVariant | None:
    """Return the alias of the model that could be mistaken for ``alias``, or None.

    Some stores hold ``Champion`` and ``champion`` side by side, each with a version of its own.
    """
    for found in sorted(model.aliases):
        if found != alias and found.casefold() == alias.casefold():
            return CaseVariant(found=found, configured=alias)
    return None
