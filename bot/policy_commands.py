"""What the ``herald policy`` commands say; they look at files and start nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.adapters.system import SystemClock
from bot.read_settings import load_policy_settings
from policies.explanation import Change, explain, explanation_lines
from policies.loader import lint, load_policies
from policies.trial import CaseResult, FixtureError, try_fixture

WRONG_FILE = 2


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


def explain_answer(
    change: Change, paths: Sequence[Path], environment: str | None, *, as_json: bool
) -> Answer:
    """Return which policies have a say in a change, why, and what they ask for.

    Args:
        change: What somebody might ask for.
        paths: As for ``lint_answer``.
        environment: None for that of the settings.
        as_json: One JSON object instead.
    """
    given = None if paths and environment is not None else load_policy_settings()
    where = given.environment if given and environment is None else environment or ""
    policies = load_policies(paths or (given.policies if given else ()), where)
    said = explain(policies, change, SystemClock().now())
    return Answer(lines=(_object(**said),) if as_json else tuple(explanation_lines(said)))


def trial_answer(paths: Sequence[Path], *, as_json: bool) -> Answer:
    """Return how the cases of fixture files come out: a line a case, and what differs."""
    try:
        results = [(path, result) for path in paths for result in try_fixture(path)]
    except FixtureError as error:
        return Answer(lines=tuple(map(str, error.findings)), exit_code=WRONG_FILE)
    failed = sum(1 for _, result in results if result.differences)
    lines = [line for _, result in results for line in _case_lines(result)]
    lines.append(f"{len(results)} cases, {failed} failed")
    if as_json:
        cases = [{"file": str(path), **asdict(result)} for path, result in results]
        lines = [_object(cases=cases)]
    return Answer(lines=tuple(lines), exit_code=1 if failed else 0)


def _case_lines(result: CaseResult) -> Iterator[str]:
    yield f"{'FAILED' if result.differences else 'ok'} {result.name}"
    for difference in result.differences:
        yield f"  {difference}"


def _object(**parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False)
