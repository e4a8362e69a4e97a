"""Policies from YAML files, checked line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from bot.domain.policy import PolicySet
from policies.building import build
from policies.calendars import named_calendars
from policies.definitions import ParsedFile
from policies.document import MAX_BYTES, DocumentError, read_document
from policies.doubts import doubts
from policies.environments import require_environment
from policies.findings import Finding
from policies.references import check_references
from policies.schema import PolicyFile
from policies.wording import findings_of

SUFFIXES = {".yml", ".yaml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """One file as it was read, or why it could not be.

    Attributes:
        content: At most a byte more than a policy file may have.
        calendars: The calendar files that it names, as it names them.
    """

    file: str
    content: bytes = b""
    calendars: Mapping[str, bytes] = field(default_factory=dict)
    problem: str = ""


def load_policies(paths: Sequence[Path], environment: str = "") -> PolicySet:
    """Return what the policy files say together.

    Args:
        paths: Files, or directories whose ``*.yml`` and ``*.yaml`` files count.
        environment: Where they are to decide; needed when they name environments.

    Raises:
        ConfigurationError: If anything is wrong; it names the first place.
    """
    return parse_policies(read_policies(paths), environment)


def lint(paths: Sequence[Path], now: datetime | None = None) -> tuple[Finding, ...]:
    """Return all that is wrong with policy files, file by file, from top to bottom.

    Args:
        paths: As for ``load_policies``.
        now: To warn of what may be a slip, too; None for errors only.
    """
    parsed, findings = _parse(read_policies(paths))
    if findings or now is None:
        return findings
    return tuple(doubts(parsed, now))


def read_policies(paths: Sequence[Path]) -> tuple[PolicyText, ...]:
    """Return the texts of all policy files, in the order given, directories in name order."""
    return tuple(text for path in paths for text in _texts(path))


def parse_policies(texts: Sequence[PolicyText], environment: str = "") -> PolicySet:
    """Return what texts say together; as ``load_policies``, without reading."""
    parsed, findings = _parse(texts)
    if findings:
        raise findings[0].as_error(others=len(findings) - 1)
    source = ", ".join(text.file for text in texts)
    policies = build((file.content for file in parsed), source, environment)
    require_environment(policies)
    return policies


def _texts(path: Path) -> Iterable[PolicyText]:
    try:
        if not path.is_dir():
            yield _text(path)
            return
        files = sorted(f for f in path.iterdir() if _is_policy_file(f))
    except OSError as error:
        yield PolicyText(file=str(path), problem=_reason(error))
        return
    if not files:
        yield PolicyText(file=str(path), problem="the directory has no *.yml or *.yaml file")
    yield from map(_text, files)


def _is_policy_file(path: Path) -> bool:
    return path.suffix in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _text(path: Path) -> PolicyText:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return PolicyText(file=str(path), problem=_reason(error))
    calendars = named_calendars(path.parent, content)
    return PolicyText(file=str(path), content=content, calendars=calendars)


def _reason(error: OSError) -> str:
    return f"this cannot be read ({error.strerror})"


def _parse(texts: Iterable[PolicyText]) -> tuple[tuple[ParsedFile, ...], tuple[Finding, ...]]:
    """Return the files and what is wrong with them; how they fit is checked once each is whole."""
    read = [_parse_file(text) for text in texts]
    parsed = tuple(file for file, _ in read if file is not None)
    findings = [finding for _, found in read for finding in found]
    if not findings:
        findings = list(check_references(parsed))
    return parsed, tuple(findings)


def _parse_file(text: PolicyText) -> tuple[ParsedFile | None, list[Finding]]:
    if text.problem:
        remedy = "Name a policy file, or a directory of policy files, that Herald may read"
        return None, [Finding(file=text.file, problem=text.problem, remedy=remedy)]
    try:
        document = read_document(text.file, text.content)
    except DocumentError as error:
        return None, [error.finding]
    try:
        content = PolicyFile.model_validate(document.value, context={"calendars": text.calendars})
    except ValidationError as error:
        return None, sorted(findings_of(error, document, PolicyFile), key=lambda found: found.place)
    return ParsedFile(document=document, content=content), []
