"""What the files of a model say of it, wherever they are kept."""

import json
from collections.abc import Mapping

import yaml

from bot.domain.canonical import canonical_json
from bot.domain.errors import BackEndRefusedError
from bot.domain.registry import ModelContents

LARGEST = 1_048_576
"""Bytes of a file that are read; nothing that decides on a release is larger."""

MODEL_FILE = "MLmodel"
REQUIREMENTS_FILE = "requirements.txt"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def contents_from(
    back_end: str, described: bytes | None, requirements: bytes | None
) -> ModelContents:
    """Return what ``MLmodel`` and ``requirements.txt`` say; None stands for a missing file.

    ``MLmodel`` is read as YAML: MLflow's own parser of signatures needs NumPy.
    """
    signature = _signature(back_end, described) if described is not None else {}
    return ModelContents(
        inputs=_schema(signature.get("inputs")),
        outputs=_schema(signature.get("outputs")),
        requirements=None if requirements is None else _lines(requirements),
    )


def too_large(back_end: str) -> BackEndRefusedError:
    """Return the refusal of a file of more than the bytes that are read."""
    return BackEndRefusedError(back_end, f"the file is larger than {LARGEST} bytes")


def _signature(back_end: str, described: bytes) -> Mapping[str, object]:
    """Return the signature of an ``MLmodel`` file; empty when it has none."""
    try:
        document = yaml.load(described, Loader=_LOADER)  # noqa: S506 - both loaders are safe
    except yaml.YAMLError:
        document = None
    if not isinstance(document, dict):
        raise BackEndRefusedError(back_end, "the MLmodel file is not readable")
    signature = document.get("signature")
    return signature if isinstance(signature, dict) else {}


def _schema(text: object) -> str | None:
    """Return a schema, which MLflow writes as JSON text, in canonical form."""
    if not isinstance(text, str):
        return None
    try:
        return canonical_json(json.loads(text))
    except ValueError:
        return text


def _lines(requirements: bytes) -> tuple[str, ...]:
    text = requirements.decode("utf-8", errors="replace")
    return tuple(line.strip() for line in text.splitlines() if line.strip())
