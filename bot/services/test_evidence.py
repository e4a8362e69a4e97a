"""Reads the test results that a run brings, and checks who signed them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.domain.canonical import canonical_json
from bot.domain.evidence import Signature, TestResult

SIGNATURE = "signature"

Keys = Mapping[str, SecretStr]
"""Secrets with which results may be signed, by the ids that signatures name."""


class _TestEntry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    outcome: str
    finished_at: AwareDatetime
    run_id: str = ""
    writer: str = ""


class _TestFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    tests: list[_TestEntry]


class _SignatureEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key_id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    hmac_sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestEvidence:
    """What a ``validation/tests.json`` says; ``signature`` is None when nobody signed it."""

    __test__ = False

    results: tuple[TestResult, ...]
    signature: Signature | None = None


def read_tests(raw: bytes, keys: Keys) -> TestEvidence:
    """Return what a ``validation/tests.json`` says; ``ValueError`` when it is something else.

    Shape: ``{"tests": [{"name", "outcome", "finished_at" with zone, "run_id"?, "writer"?}],
    "signature"?: {"key_id", "hmac_sha256"}}``. What is signed is the canonical JSON of everything
    but the signature: sorted keys, no blanks, UTF-8, nothing escaped that need not be.
    """
    try:
        content = json.loads(raw, parse_constant=_no_number)
        file = _TestFile.model_validate(content)
    except (ValidationError, RecursionError) as error:
        raise ValueError(str(error)) from error
    signature = _signature(content, keys) if SIGNATURE in content else None
    return TestEvidence(results=tuple(map(_result, file.tests)), signature=signature)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _result(entry: _TestEntry) -> TestResult:
    return TestResult(
        name=entry.name,
        outcome=entry.outcome,
        finished_at=entry.finished_at,
        run_id=entry.run_id,
        writer=entry.writer,
    )


def _signature(content: Mapping[str, object], keys: Keys) -> Signature:
    """Return whose signature it is, and what is wrong with it."""
    try:
        entry = _SignatureEntry.model_validate(content[SIGNATURE])
    except ValidationError:
        return Signature(problem="is not of the documented form")
    key = keys.get(entry.key_id.lower())
    if key is None:
        return Signature(key_id=entry.key_id, problem=f"names the key {entry.key_id}, not known")
    signed = canonical_json({name: part for name, part in content.items() if name != SIGNATURE})
    secret = key.get_secret_value().encode()
    right = hmac.new(secret, signed.encode(), hashlib.sha256).hexdigest()
    is_right = hmac.compare_digest(right, entry.hmac_sha256.lower())
    problem = "" if is_right else f"is not one of these results by the key {entry.key_id}"
    return Signature(key_id=entry.key_id, problem=problem)
