"""Live figures of Databricks endpoints, from the page that they export for Prometheus."""

import math
from collections import defaultdict
from collections.abc import Iterable

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample as Line

from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.databricks_serving import PATH
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.figures import Buckets, Reading, Series
from bot.domain.names import EndpointName
from bot.domain.ports import Clock

PAGE_LIMIT = 1_048_576
"""Bytes of a page; one of 20 entities has less than a tenth of it."""

REQUESTS, CLIENT_ERRORS = "request_count_total", "request_4xx_count_total"
SERVER_ERRORS, LATENCY = "request_5xx_count_total", "request_latency_ms"
BUCKET = f"{LATENCY}_bucket"
_COUNTS = (REQUESTS, CLIENT_ERRORS, SERVER_ERRORS)
_WANTED = ("request_count", "request_4xx_count", "request_5xx_count", LATENCY)
_TYPE = "# TYPE "


class UnknownShapeError(Exception):
    """A page is not of the documented form; the message says why, for people."""


class DatabricksMetrics:
    """Implements ``EndpointMetrics``.

    Source:
        Databricks, Monitor serving endpoints: the request counts are gauges of the last minute in
        spite of their names, latencies a histogram in ms. A page that declares them counters is
        read as Prometheus means it: counted since the series began.
    """

    def __init__(self, client: DatabricksClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def read(self, name: EndpointName) -> Reading:
        """Return what an endpoint shows now; what it does not show is None, and it says why."""
        try:
            path = f"{PATH}/{self._client.segment(name)}/metrics"
            page = await self._client.file(path, PAGE_LIMIT, "text/plain")
            return self._reading(page.decode())
        except NotFoundError:
            return self._nothing("the platform measures nothing of it")
        except BackEndRefusedError as error:
            return self._nothing(f"its metrics were refused: {error.detail}")
        except (UnknownShapeError, UnicodeDecodeError) as error:
            why = str(error) if isinstance(error, UnknownShapeError) else "it is not text"
            return self._nothing(f"its metrics page cannot be read: {why}")

    def _nothing(self, problem: str) -> Reading:
        return Reading(at=self._clock.now(), problem=problem)

    def _reading(self, page: str) -> Reading:
        lines, is_total = parse(page)
        counts = {name: _series(lines.get(name, [])) for name in _COUNTS}
        latency = _histograms(lines.get(BUCKET, []))
        return Reading(
            at=self._clock.now(),
            requests=counts[REQUESTS],
            client_errors=counts[CLIENT_ERRORS],
            server_errors=counts[SERVER_ERRORS],
            latency=latency,
            is_total=is_total,
            problem=_problem(counts[REQUESTS], latency, has_quantiles=LATENCY in lines),
        )


def parse(page: str) -> tuple[dict[str, list[Line]], bool]:
    """Return the lines of a page that Herald reads, by name, and whether they count for ever.

    Raises:
        UnknownShapeError: It is not Prometheus' text form.
    """
    wanted = [line for line in page.splitlines() if _is_wanted(line)]
    found: dict[str, list[Line]] = defaultdict(list)
    try:
        for family in text_string_to_metric_families("\n".join(wanted) + "\n"):
            for line in family.samples:
                found[line.name].append(line)
    except (ValueError, KeyError, IndexError) as error:
        raise UnknownShapeError("it is not Prometheus' text form") from error
    return found, _are_totals(wanted)


def _is_wanted(line: str) -> bool:
    """Tell whether a line matters: parsing the others would cost more than all the rest."""
    return line.removeprefix(_TYPE).startswith(_WANTED)


def _are_totals(lines: Iterable[str]) -> bool:
    """Tell whether the page declares its counts to be counters, wherever in it that is said."""
    said = [line.removeprefix(_TYPE).split() for line in lines if line.startswith(_TYPE)]
    kinds = {words[-1] for words in said if not words[0].startswith(LATENCY)}
    if "counter" in kinds and len(kinds) > 1:
        raise UnknownShapeError("its counts are of different kinds")
    return "counter" in kinds


def _series(lines: Iterable[Line]) -> Series | None:
    return {_labels(line): _amount(line) for line in lines} or None


def _histograms(lines: Iterable[Line]) -> dict[str, Buckets] | None:
    cumulative: dict[str, dict[float, int]] = defaultdict(dict)
    for line in lines:
        cumulative[_labels(line)][_bound(line)] = _amount(line)
    return {labels: _apart(bounds) for labels, bounds in cumulative.items()} or None


def _apart(cumulative: dict[float, int]) -> Buckets:
    """Return what is in each bucket alone."""
    apart: dict[float, int] = {}
    below = 0
    for bound, amount in sorted(cumulative.items()):
        if amount < below:
            raise UnknownShapeError("a bucket holds less than the one below it")
        apart[bound], below = amount - below, amount
    return apart


def _bound(line: Line) -> float:
    try:
        return float(line.labels["le"])
    except (KeyError, ValueError) as error:
        raise UnknownShapeError("a bucket has no bound") from error


def _labels(line: Line) -> str:
    pairs = sorted((k, v) for k, v in line.labels.items() if k != "le")
    return ",".join(f"{key}={value}" for key, value in pairs)


def _amount(line: Line) -> int:
    if not math.isfinite(line.value) or line.value < 0:
        raise UnknownShapeError(f"{line.name} is {line.value}")
    return round(line.value)


def _problem(
    requests: Series | None, latency: dict[str, Buckets] | None, *, has_quantiles: bool
) -> str:
    missing = [] if requests is not None else ["requests"]
    if latency is None:
        missing.append(
            "latency (only quantiles, which do not add up)" if has_quantiles else "latency"
        )
    return f"its metrics page shows no {' and no '.join(missing)}" if missing else ""
