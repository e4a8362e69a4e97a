"""What Herald can be told: the environment over a directory of secrets over ``herald.yml``."""

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

FILE = "herald.yml"
MLFLOW_SECRETS = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD")
"""Read by MLflow's own client from the environment."""
NAMED_ALIASES = 3
ALIAS_PATTERN = r"^[a-z0-9_-]{1,64}$"
EvidenceKeyId = Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,64}$")]
EvidenceKey = Annotated[SecretStr, Field(min_length=16)]


DEFAULT_DATABASE = "sqlite:///herald.db"
MLFLOW_PATTERN = r"^(sqlite:///.+|https?://[^/].*)$"


class RegistryKind(StrEnum):
    """Where models are registered: Unity Catalog, or MLflow's own file or server."""

    UC = "uc"
    MLFLOW = "mlflow"


class Mode(StrEnum):
    """How Slack reaches Herald: over links that Herald opens, or by requests to an address."""

    SOCKET = "socket"
    HTTP = "http"


class LogFormat(StrEnum):
    """How lines of the log are written."""

    TEXT = "text"
    JSON = "json"


class AliasSettings(BaseModel):
    """Names of the aliases that Herald moves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    champion: str = Field(default="champion", pattern=ALIAS_PATTERN)
    challenger: str = Field(default="challenger", pattern=ALIAS_PATTERN)
    archived: str = Field(default="archived", pattern=ALIAS_PATTERN)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({self.champion, self.challenger, self.archived}) < NAMED_ALIASES:
            raise ValueError("two of the three alias names are the same")
        return self


class DigestSettings(BaseModel):
    """When and where the health of endpoints is posted.

    Attributes:
        channel: Empty for no digest.
        cron: Minute, hour, day, month, weekday.
        zone: Name of a time zone, in which ``cron`` is meant.
        models: Pattern of model names, such as ``prod.*``; ``*`` for every endpoint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str = ""
    cron: str = "0 9 * * mon-fri"
    zone: str = "UTC"
    models: str = "*"


class Sources(BaseSettings):
    """Where settings come from: the environment first, then secrets, then the file."""

    model_config = SettingsConfigDict(
        env_prefix="HERALD_",
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        yaml_file=FILE,
        populate_by_name=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment first, then secrets, then the file."""
        del dotenv_settings
        file = YamlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, file_secret_settings, file


class RecordSettings(Sources):
    """Where the record is: all that the audit commands need."""

    database_url: str = DEFAULT_DATABASE


class PolicySettings(Sources):
    """Which policies are in force: all that the policy commands need.

    Attributes:
        policies: Files or directories of policies, separated by commas.
        environment: Where Herald works, for policies that name environments.
    """

    policies: Annotated[tuple[Path, ...], NoDecode]
    environment: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,64}$")

    @field_validator("policies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [part for part in value.split(",") if part] or _not_set()


class Settings(RecordSettings, PolicySettings):
    """Everything that ``herald run`` can be told.

    Attributes:
        slack_bot_token: Starts with ``xoxb-``.
        mode: How Slack reaches Herald.
        slack_app_token: Starts with ``xapp-``; needed for Socket Mode links only.
        slack_signing_secret: Needed in HTTP mode only.
        http_host: Where to listen in HTTP mode: on this machine alone, unless set, because what
            Slack reaches, with its certificate, is a proxy in front.
        http_port: Likewise.
        slack_api_url: Base of Slack's Web API, with its last slash.
        registry: Where models are registered.
        databricks_host: Workspace address, with scheme; empty only with MLflow's own registry, and
            then there are no endpoints.
        mlflow_tracking_uri: ``sqlite:///path`` or ``http(s)://…``, for MLflow's own registry.
        mlflow_registry_uri: Likewise; empty where runs and models are kept in one place.
        database_url: ``sqlite:///path`` or ``postgresql://…``.
        releases_channel: Channel for the cards of changes that were asked for in a direct message.
        command: The slash command, as in the app's manifest.
        backend_deadline_s: Seconds after which a back end counts as not answering.
        endpoint_poll_s: Seconds between two looks at an endpoint that is being updated.
        samples: Whether endpoints are measured every minute.
        digest: The report on endpoints that is posted by schedule.
        log_format: How lines of the log are written.
        metrics_host: Where metrics are served: on this machine alone, unless set.
        metrics_port: Likewise; None for not at all.
        evidence_keys: Secrets with which test results may be signed, by their ids.
    """

    slack_bot_token: SecretStr = Field(
        validation_alias=AliasChoices("SLACK_BOT_TOKEN", "HERALD_SLACK_BOT_TOKEN")
    )
    mode: Mode = Mode.SOCKET
    slack_app_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("SLACK_APP_TOKEN", "HERALD_SLACK_APP_TOKEN"),
        validate_default=True,
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET", "HERALD_SLACK_SIGNING_SECRET"),
        validate_default=True,
    )
    http_host: str = Field(default="127.0.0.1", min_length=1)
    http_port: int = Field(default=3000, ge=0, le=65535)
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$")
    registry: RegistryKind = RegistryKind.UC
    databricks_host: str = Field(
        default="",
        validation_alias=AliasChoices("DATABRICKS_HOST", "HERALD_DATABRICKS_HOST"),
        pattern=r"^(https?://[^/]+/?)?$",
        validate_default=True,
    )
    databricks_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("DATABRICKS_TOKEN", "HERALD_DATABRICKS_TOKEN"),
        validate_default=True,
    )
    mlflow_tracking_uri: str = Field(
        default="",
        validation_alias=AliasChoices("MLFLOW_TRACKING_URI", "HERALD_MLFLOW_TRACKING_URI"),
        validate_default=True,
    )
    mlflow_registry_uri: str = ""
    releases_channel: str = ""
    command: str = Field(default="/model", pattern=r"^/[a-z0-9_-]{1,31}$")
    aliases: AliasSettings = AliasSettings()
    backend_deadline_s: float = Field(default=10, ge=0.2, le=25)
    endpoint_poll_s: float = Field(default=10, ge=0.05, le=600)
    samples: bool = True
    digest: DigestSettings = DigestSettings()
    log_format: LogFormat = LogFormat.TEXT
    metrics_host: str = Field(default="127.0.0.1", min_length=1)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    evidence_keys: dict[EvidenceKeyId, EvidenceKey] = Field(default_factory=dict)

    def private_words(self) -> tuple[str, ...]:
        """Return what nothing that Herald writes may hold: secrets, and hosts with addresses."""
        secrets = (
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.databricks_token,
        )
        urls = (self.database_url, self.mlflow_tracking_uri, self.mlflow_registry_uri)
        parts = [urlsplit(url) for url in urls]
        return (
            *(secret.get_secret_value() for secret in (*secrets, *self.evidence_keys.values())),
            *(os.environ.get(name, "") for name in MLFLOW_SECRETS),
            *(unquote(part.password or "") for part in parts),
            *(part.password or "" for part in parts),
            *(part.netloc for part in parts),
            self.databricks_host.partition("://")[2].rstrip("/"),
        )

    @field_validator("slack_app_token", "slack_signing_secret")
    @classmethod
    def _way_in(cls, value: SecretStr, given: ValidationInfo) -> SecretStr:
        needed_by = Mode.SOCKET if given.field_name == "slack_app_token" else Mode.HTTP
        is_needed = given.data.get("mode") is needed_by
        return value if value.get_secret_value().strip() or not is_needed else _not_set()

    @field_validator("databricks_host", "databricks_token")
    @classmethod
    def _databricks(cls, value: str | SecretStr, given: ValidationInfo) -> str | SecretStr:
        is_needed = given.data.get("registry") is RegistryKind.UC or given.data.get(
            "databricks_host"
        )
        return value if len(value) or not is_needed else _not_set()

    @field_validator("mlflow_tracking_uri", "mlflow_registry_uri")
    @classmethod
    def _mlflow(cls, value: str, given: ValidationInfo) -> str:
        """Other clients may know this name by another address, such as ``databricks``."""
        if given.data.get("registry") is not RegistryKind.MLFLOW:
            return value
        is_tracking = given.field_name == "mlflow_tracking_uri"
        if not value:
            return _not_set() if is_tracking else value
        if not re.match(MLFLOW_PATTERN, value):
            raise PydanticCustomError("string_pattern_mismatch", "it is no address of MLflow")
        return value


def _not_set() -> NoReturn:
    raise PydanticCustomError("missing", "it is not set")
