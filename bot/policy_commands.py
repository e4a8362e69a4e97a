"""What the ``herald policy`` commands say; they look at files and start nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.system import SystemClock
from bot.settings import load_policy_settings
from policies.loader import lint


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command prints, and the exit code with which it ends."""

    lines: tuple[str, ...]
    exit_code: int = 0


def lint_answer(paths: Sequence[Path], *, as_json: bool) -> Answer:
    """Return all that is wrong with policy files, one line a finding.

    Args:
        paths: Files or directories; none for those of the settings.
        as_json: One JSON object instead.
    """
    findings = lint(paths or load_policy_settings().policies, SystemClock().now())
    lines = tuple(map(str, findings))
    if as_json:
        lines = (_object(findings=[finding.as_json() for finding in findings]),)
    is_wrong = any(not finding.is_warning for finding in findings)
    return Answer(lines=lines, exit_code=1 if is_wrong else 0)


def _object(**parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False)
