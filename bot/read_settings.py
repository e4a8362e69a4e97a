"""Reads settings, and says in plain words what is wrong with them."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from yaml import YAMLError

from bot.domain.errors import ConfigurationError
from bot.settings import FILE, PolicySettings, Settings, Sources

SECRETS_DIRECTORY = Path("/run/secrets")
UNPREFIXED = {
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DATABRICKS_HOST",
    "DATABRICKS_TOKEN",
    "MLFLOW_TRACKING_URI",
}

_Kind = TypeVar("_Kind", bound=Sources)


def load_settings() -> Settings:
    """Read the settings from environment, secrets directory and file.

    Raises:
        ConfigurationError: A setting is missing or wrong; the message names the first and says how
            many more there are. Values are never shown: they may be secrets.
    """
    return _load(Settings)


def load_policy_settings() -> PolicySettings:
    """Read which policies are in force; as ``load_settings``."""
    return _load(PolicySettings)


def _load(kind: type[_Kind]) -> _Kind:
    directory = SECRETS_DIRECTORY if SECRETS_DIRECTORY.is_dir() else None
    try:
        return kind(_secrets_dir=directory)
    except ValidationError as error:
        raise _told(error) from None
    except (YAMLError, OSError) as error:
        problem = f"it cannot be read as YAML ({type(error).__name__})"
        raise ConfigurationError(FILE, problem, "Mend or remove the file") from None


def _told(error: ValidationError) -> ConfigurationError:
    problems = error.errors(include_input=False, include_url=False)
    first, more = problems[0], len(problems) - 1
    name = _variable(first["loc"])
    problem = _problem(name, first["type"], first["msg"])
    others = f" ({more} more settings are wrong or missing)" if more else ""
    return ConfigurationError(
        name, f"{problem}{others}", f"Set {name} in the environment or {FILE}; see README.md"
    )


def _problem(name: str, kind: str, words: str) -> str:
    if kind == "missing":
        return "it is not set"
    if kind == "string_pattern_mismatch":
        return f"it is not {_EXPECTED.get(name, 'an alias of lower-case letters, digits, - and _')}"
    plain = words.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]


_MLFLOW = "an MLflow server (https://…) or the file of one (sqlite:///…)"
_EXPECTED = {
    "DATABRICKS_HOST": "the address of a workspace, such as https://adb-1.2.azuredatabricks.net",
    "HERALD_SLACK_API_URL": "an address that ends in a slash, such as https://slack.com/api/",
    "HERALD_ENVIRONMENT": "a name of letters, digits, ., _ and -",
    "HERALD_COMMAND": "a slash command, such as /model",
    "MLFLOW_TRACKING_URI": _MLFLOW,
    "HERALD_MLFLOW_REGISTRY_URI": _MLFLOW,
}


def _variable(location: tuple[int | str, ...]) -> str:
    parts = [str(part).upper() for part in location]
    name = "__".join(parts)
    return name if name in UNPREFIXED else f"HERALD_{name}"
