"""Test results: what the file says, and whose signature it bears."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.evidence import Signature
from bot.services.test_evidence import read_tests

SECRET = "a secret of the CI system"  # noqa: S105 - of a test
KEYS = {"ci": SecretStr(SECRET)}
ENTRY = {"name": "unit é", "outcome": "passed", "finished_at": "2026-11-20T10:00:00Z", "n": 1.5}
# What a writer in any language has to sign: sorted keys, no blanks, é as it is.
SIGNED = (
    '{"tests":[{"finished_at":"2026-11-20T10:00:00Z","n":1.5,"name":"unit é","outcome":"passed"}]}'
)


def signature(key_id: str = "ci", text: str = SIGNED) -> dict[str, str]:
    mac = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {"key_id": key_id, "hmac_sha256": mac}


def signed(by: object, **changed: Any) -> Signature | None:
    content = {"signature": by, "tests": [{**ENTRY, **changed}]}
    return read_tests(json.dumps(content, indent=2).encode(), KEYS).signature


def test_right_signature_is_good_however_the_file_is_laid_out() -> None:
    assert signed(signature()) == Signature(key_id="ci")


def test_names_of_keys_are_the_same_in_upper_case() -> None:
    assert signed(signature("CI")) == Signature(key_id="CI")


def test_results_that_were_changed_after_signing_are_not_signed() -> None:
    found = signed(signature(), outcome="failed")
    assert found == Signature(key_id="ci", problem="is not one of these results by the key ci")


def test_results_that_were_added_unseen_are_not_signed() -> None:
    content = {"tests": [ENTRY], "more": 1, "signature": signature()}
    found = read_tests(json.dumps(content).encode(), KEYS).signature
    assert found is not None
    assert found.problem


def test_unknown_key_is_named() -> None:
    found = signed(signature("laptop"))
    assert found == Signature(key_id="laptop", problem="names the key laptop, not known")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "ci",
        {},
        {"key_id": "ci"},
        {"key_id": "ci", "hmac_sha256": "é" * 64},
        {"key_id": 7, "hmac_sha256": "0" * 64},
        {"key_id": "ci`*", "hmac_sha256": "0" * 64},
        {"key_id": "ci", "hmac_sha256": "0" * 64, "algorithm": "none"},
    ],
)
def test_signature_of_another_form_proves_nothing(broken: object) -> None:
    assert signed(broken) == Signature(problem="is not of the documented form")


def test_file_without_a_signature_has_none() -> None:
    found = read_tests(json.dumps({"tests": [ENTRY]}).encode(), KEYS)
    assert found.signature is None
    assert [result.name for result in found.results] == ["unit é"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"passed": true}',
        b'{"tests": [{"name": "unit"}]}',
        b'{"tests": [], "n": NaN}',
        b'{"tests": [{"name": "a", "outcome": "passed", "finished_at": "2026-11-20T10:00:00"}]}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_file_of_another_form_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason is
        read_tests(raw, KEYS)
