"""Which test results are evidence for a version, and which of them decides."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.evidence import TestResult

PASSED = "passed"
"""The one outcome that is good."""


def why_not_counted(result: TestResult, run_id: str | None, at: datetime) -> str | None:
    """Return why a result is no evidence for a version of a run at a moment; None when it is."""
    if not result.run_id:
        return "of no named run"
    if result.run_id != run_id:
        return "of another run"
    return "from the future" if result.finished_at > at else None


def deciding(results: Iterable[TestResult], run_id: str | None, at: datetime) -> TestResult | None:
    """Return the newest result of one suite that is evidence; None when there is none.

    Of two at the same moment it is the one that did not pass.
    """
    counted = (r for r in results if why_not_counted(r, run_id, at) is None)
    return max(counted, key=lambda r: (r.finished_at, r.outcome != PASSED), default=None)
