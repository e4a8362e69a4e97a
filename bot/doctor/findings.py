"""What an examination found, and how it is told."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


_EXIT_CODES = {Severity.OK: 0, Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_RANK = list(Severity)
_GLYPHS = {Severity.OK: "✓", Severity.NOTE: "·", Severity.WARNING: "⚠", Severity.ERROR: "✗"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: What was looked at.
        seen: What was there, free of hosts, tokens and passwords.
        remedy: What to do about it; empty when there is nothing to do.
    """

    check: str
    severity: Severity
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was found."""

    findings: Sequence[Finding]

    @property
    def severity(self) -> Severity:
        """The worst of all findings."""
        return max((f.severity for f in self.findings), key=_RANK.index, default=Severity.OK)

    @property
    def exit_code(self) -> int:
        """0 when all is well, 1 for warnings, 2 for errors."""
        return _EXIT_CODES[self.severity]

    def as_json(self) -> str:
        """Return the report as one JSON object."""
        findings = [asdict(finding) for finding in self.findings]
        whole = {"severity": self.severity, "exit_code": self.exit_code, "findings": findings}
        return json.dumps(whole, ensure_ascii=False)

    def as_text(self) -> str:
        """Return the report for people: a line a finding, what to do below it."""
        lines = [line for finding in self.findings for line in _lines(finding)]
        count = Counter(finding.severity for finding in self.findings)
        told = ", ".join(f"{count[s]} {s.value}" for s in reversed(_RANK) if count[s])
        return "\n".join([*lines, told])


def ok(check: str, seen: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(check=check, severity=Severity.OK, seen=seen)


def note(check: str, seen: str, remedy: str = "") -> Finding:
    """Return something worth knowing."""
    return Finding(check=check, severity=Severity.NOTE, seen=seen, remedy=remedy)


def warning(check: str, seen: str, remedy: str) -> Finding:
    """Return something that part of Herald's work will fail at."""
    return Finding(check=check, severity=Severity.WARNING, seen=seen, remedy=remedy)


def error(check: str, seen: str, remedy: str) -> Finding:
    """Return something without which Herald cannot work."""
    return Finding(check=check, severity=Severity.ERROR, seen=seen, remedy=remedy)


def _lines(finding: Finding) -> list[str]:
    head = f"{_GLYPHS[finding.severity]} {finding.check}: {finding.seen}"
    return [head, f"    → {finding.remedy}"] if finding.remedy else [head]
