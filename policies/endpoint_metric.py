"""The check ``metric`` with ``source: endpoint``: what endpoints measured keeps within bounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from bot.domain.evidence import Needs, PolicyFacts
from bot.domain.figures import NO_FIGURES, Figures
from bot.domain.metrics import exact
from bot.domain.names import EndpointName
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.bounds import Bounds
from policies.figures import how_long
from policies.rule import Rule

SHORTEST_WINDOW = timedelta(hours=1)
LONGEST_WINDOW = timedelta(days=35)
"""How long Herald keeps the figures of endpoints, by the hour."""
HOUR = timedelta(hours=1)
OLDEST = HOUR
"""How long ago the newest figures may be: they come every minute."""


class EndpointFigure(StrEnum):
    """What Herald knows of an endpoint's time; also the metric's name in the catalogue."""

    SUCCESS_RATE = "success_rate"
    LATENCY_P95 = "latency_p95_ms"
    REQUESTS = "requests"


_UNITS = {EndpointFigure.SUCCESS_RATE: "ratio", EndpointFigure.LATENCY_P95: "ms"}
_GRAVEST_FIRST = (OutcomeKind.FAILED, OutcomeKind.ERRORED, OutcomeKind.MISSING, OutcomeKind.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """What one endpoint shows."""

    kind: OutcomeKind
    text: str
    observed: str = ""
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointMetricCheck(Rule):
    """Every endpoint of the model kept within the bounds over the window, on enough requests.

    A figure is the endpoint's, whatever versions it served in that time. The window begins at a
    full hour; a time from which there are no samples is no evidence, and adds no requests.

    Attributes:
        minimum: In the figure's unit (ratio, ms, requests), itself allowed; None for none.
        maximum: Likewise.
        min_samples: Requests on which a figure has to rest.
    """

    figure: EndpointFigure
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    window: timedelta
    min_samples: int = 1

    @property
    def needs(self) -> Needs:
        """The figures over the window."""
        return Needs(windows=frozenset({self.window}))

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the endpoints stand to the bounds, the worst first."""
        measured = facts.figures.get(self.window, {})
        at, names = facts.evaluated_at, [endpoint.name for endpoint in facts.endpoints]
        found = [self._finding(name, measured.get(name, NO_FIGURES), at) for name in names]
        if not found:
            return self.outcome(
                OutcomeKind.MISSING,
                f"no endpoint serves the model, {self.figure} needs {self._bounds.words}",
                expected=self._bounds.words,
                remedy="serve the model on an endpoint first",
            )
        kind = next(kind for kind in _GRAVEST_FIRST if kind in {f.kind for f in found})
        telling = [f for f in found if f.kind is kind]
        return self.outcome(
            kind,
            f"{'; '.join(f.text for f in telling)}, needs {self._bounds.words}",
            observed="; ".join(f.observed for f in telling if f.observed),
            expected=self._bounds.words,
            remedy=self._remedy(kind),
            unit=self._bounds.unit,
            source=f"endpoints' metrics, last {how_long(self.window)}",
            age=max((f.age for f in found if f.age is not None), default=None),
        )

    @property
    def _bounds(self) -> Bounds:
        unit = _UNITS.get(self.figure, "")
        return Bounds(minimum=self.minimum, maximum=self.maximum, unit=unit)

    def _finding(self, name: EndpointName, figures: Figures, at: datetime) -> _Finding:
        measured, over, age = self._measured(figures), how_long(self.window), _age(figures, at)
        if measured.value is None or measured.count < self.min_samples:
            text = (
                f"{self.figure} of {name} rests on {measured.count} of at least "
                f"{self.min_samples} requests in {over}"
            )
            return _Finding(kind=OutcomeKind.MISSING, text=text)
        if age is not None and age > OLDEST:
            text = f"{self.figure} of {name} was last measured {how_long(age)} ago"
            return _Finding(kind=OutcomeKind.MISSING, text=text, age=age)
        sign = "> " if measured.is_over else ""
        observed = f"{sign}{self._bounds.shown(measured.value)}"
        text = f"{self.figure} of {name} {observed} over {over} ({measured.count} requests)"
        kind = self._kind(measured.value, is_over=measured.is_over)
        return _Finding(kind=kind, text=text, observed=observed, age=age)

    def _kind(self, value: Decimal, *, is_over: bool) -> OutcomeKind:
        """Return how a value stands; of one above the largest measured bound not all is known."""
        if is_over and self.maximum is not None:
            return OutcomeKind.FAILED if value >= self.maximum else OutcomeKind.ERRORED
        return OutcomeKind.PASSED if self._bounds.excess(value) <= 0 else OutcomeKind.FAILED

    def _measured(self, figures: Figures) -> "_Measured":
        match self.figure:
            case EndpointFigure.SUCCESS_RATE:
                return _Measured(count=figures.judged, value=_success(figures))
            case EndpointFigure.LATENCY_P95:
                return _latency(figures)
            case EndpointFigure.REQUESTS:
                return _Measured(count=figures.requests or 0, value=exact(figures.requests))
            case _:
                assert_never(self.figure)

    def _remedy(self, kind: OutcomeKind) -> str:
        match kind:
            case OutcomeKind.PASSED:
                return ""
            case OutcomeKind.MISSING:
                return "ask again when the endpoint has answered more requests"
            case _:
                return "look after the endpoint first: `/model endpoint NAME` shows it"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """One figure of one endpoint.

    Attributes:
        count: Requests on which it rests.
        value: None when nobody knows.
        is_over: Whether it lies somewhere above the value.
    """

    count: int
    value: Decimal | None
    is_over: bool = False


def _age(figures: Figures, at: datetime) -> timedelta | None:
    """Return how long ago the newest figures were taken; None where nobody knows."""
    return None if figures.newest is None else max(at - figures.newest, timedelta(0))


def _success(figures: Figures) -> Decimal | None:
    """Return the share of requests without a server error, from the counts themselves."""
    if figures.server_errors is None or not figures.judged:
        return None
    return max(Decimal(0), Decimal(figures.judged - figures.server_errors) / figures.judged)


def _latency(figures: Figures) -> _Measured:
    count, p95 = sum((figures.latency or {}).values()), figures.p95
    if p95 is None:
        return _Measured(count=count, value=None)
    return _Measured(count=count, value=exact(p95.ms), is_over=p95.is_over)
