"""What the checks found, counted, listed and as a table."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.counting import count
from bot.domain.policy import CheckOutcome, OutcomeKind, Severity
from bot.domain.verdict import Verdict, VerdictKind
from bot.views.rich import Part, bold, marked, person, unmarked
from bot.views.texts import listed, one_line, shorten

DECIDING_ROWS = 6
REASONS = 15
WARNINGS = 3
ASKED = "; asked for by "
"""Where an exemption's text comes to people."""
_SLACK_ID = re.compile(r"\b([UW][A-Z0-9]{4,})\b")
HEADER = ("check", "found", "needed", "outcome")

_WORDS = {
    OutcomeKind.PASSED: "✓ passed",
    OutcomeKind.FAILED: "✗ failed",
    OutcomeKind.MISSING: "✗ no evidence",
    OutcomeKind.ERRORED: "✗ could not tell",
    OutcomeKind.INCONCLUSIVE: "within noise",
    OutcomeKind.SKIPPED: "does not apply",
    OutcomeKind.EXEMPT: "exempt",
}
_RANK = {
    OutcomeKind.FAILED: 0,
    OutcomeKind.MISSING: 1,
    OutcomeKind.ERRORED: 2,
    OutcomeKind.INCONCLUSIVE: 3,
    OutcomeKind.EXEMPT: 4,
    OutcomeKind.PASSED: 5,
    OutcomeKind.SKIPPED: 6,
}


def why_denied(verdict: Verdict) -> str:
    """Return the reasons of a denial in one line: ``2 checks failed, 1 has no evidence``."""
    kinds = Counter(outcome.kind for outcome in verdict.blocking)
    failed, missing = kinds[OutcomeKind.FAILED], kinds[OutcomeKind.MISSING]
    errored = kinds[OutcomeKind.ERRORED]
    said = [
        f"{count(failed, 'check')} failed" if failed else "",
        _next(missing, "has no evidence", "have no evidence", is_first=not failed),
        _next(errored, "could not tell", "could not tell", is_first=not (failed or missing)),
    ]
    return ", ".join(part for part in said if part) or "; ".join(verdict.reasons) or "by policy"


def _next(amount: int, one: str, many: str, *, is_first: bool) -> str:
    if not amount:
        return ""
    subject = count(amount, "check") if is_first else str(amount)
    return f"{subject} {one if amount == 1 else many}"


def summary(verdict: Verdict) -> str:
    """Return all outcomes in one line: ``9 checks passed · 1 warning: soak 31 h of 48 h``."""
    kinds = Counter(outcome.kind for outcome in verdict.outcomes)
    exempt = [o for o in verdict.warnings if o.kind is OutcomeKind.EXEMPT]
    parts = [
        f"{count(kinds[OutcomeKind.PASSED], 'check')} passed",
        warned(verdict),
        _exempt(exempt),
        f"{len(verdict.blocking)} in the way" if verdict.blocking else "",
    ]
    shown = " · ".join(part for part in parts if part)
    return shown if verdict.outcomes else "no check applies to this change"


def warned(verdict: Verdict) -> str:
    """Return what to know that was in nobody's way: ``1 warning: soak 31 h of 48 h``."""
    warnings = [o for o in verdict.warnings if o.kind is not OutcomeKind.EXEMPT]
    return _named(warnings, "warning", "warnings")


def _named(outcomes: Sequence[CheckOutcome], one: str, many: str) -> str:
    if not outcomes:
        return ""
    said = "; ".join(one_line(outcome.message, 120) for outcome in outcomes[:WARNINGS])
    hidden = len(outcomes) - WARNINGS
    more = f" and {hidden} more" if hidden > 0 else ""
    return f"{len(outcomes)} {one if len(outcomes) == 1 else many}: {said}{more}"


def _exempt(outcomes: Sequence[CheckOutcome]) -> str:
    """Return what is exempt; until when, why and by whom, a line of its own says."""
    said = ", ".join(outcome.check for outcome in outcomes)
    return f"{len(outcomes)} exempt: {one_line(said, 300)}" if outcomes else ""


def exemption_lines(verdict: Verdict) -> Iterator[list[Part]]:
    """Yield one line for each exemption: until when, why, by whom, and what was found."""
    for outcome in verdict.outcomes:
        if outcome.kind is OutcomeKind.EXEMPT:
            head: list[Part] = [bold(outcome.check), f" is exempt {_until(outcome)}"]
            yield [*head, *_people(outcome), *marked(f". Found: {one_line(outcome.message, 200)}")]


def _until(outcome: CheckOutcome) -> str:
    return one_line(outcome.exempt_because.partition(ASKED)[0], 400)


def _people(outcome: CheckOutcome) -> Iterator[Part]:
    """Yield who asked for an exemption and who approved it, by name."""
    _, asked, ids = outcome.exempt_because.partition(ASKED)
    for piece in _SLACK_ID.split(f"{asked}{ids}"):
        yield person(piece) if _SLACK_ID.fullmatch(piece) else piece


def deciding(outcomes: Iterable[CheckOutcome]) -> list[CheckOutcome]:
    """Return outcomes with those first that matter most: blocking, warning, passed."""
    return sorted(outcomes, key=lambda o: (not o.blocks, not o.warns, _RANK[o.kind]))


def rows(outcomes: Iterable[CheckOutcome]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a table's row for each outcome."""
    for outcome in outcomes:
        found = outcome.observed or ("no data" if outcome.kind is OutcomeKind.MISSING else "–")
        yield outcome.check, unmarked(found), unmarked(outcome.expected or "–"), told(outcome)


def told(outcome: CheckOutcome) -> str:
    """Return how a check came out, with what it means where that is less than a denial."""
    unmet = outcome.kind in {OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED}
    words = _WORDS[outcome.kind]
    if not unmet or outcome.severity is Severity.ENFORCE:
        return words
    return f"{words} ({'warning' if outcome.severity is Severity.WARN else 'noted only'})"


def reason_lines(outcomes: Iterable[CheckOutcome]) -> Iterator[list[Part]]:
    """Yield one line for each outcome: the fact, whose rule it is, what to do."""
    told_apart = list(outcomes)
    for outcome in told_apart[:REASONS]:
        line = [*marked(shorten(outcome.message, 300)), f" (policy {outcome.policy})"]
        remedy = marked(shorten(outcome.remedy, 300))
        yield [*line, ": ", *remedy] if outcome.remedy else line
    if len(told_apart) > REASONS:
        yield [f"and {len(told_apart) - REASONS} more under Details"]


def verdict_line(verdict: Verdict) -> list[Part]:
    """Return the verdict in words."""
    policies = f" ({'policy' if len(verdict.policies) == 1 else 'policies'} "
    of = f"{policies}{listed(verdict.policies)})" if verdict.policies else ""
    match verdict.kind:
        case VerdictKind.DENIED:
            return [bold("Denied"), of]
        case VerdictKind.NEEDS_APPROVAL:
            asked = [f"{r.count} of {r.role}" for r in verdict.requirements]
            return [bold("Needs approval"), f": {listed(asked)}{of}"]
        case VerdictKind.ALLOWED:
            return [bold("Allowed"), f": nobody has to approve{of}"]
