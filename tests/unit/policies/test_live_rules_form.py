"""Rules about what is live, as policy files write them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.policy import PolicySet
from policies.drift import DriftCheck
from policies.endpoint_health import EndpointHealthCheck
from policies.endpoint_metric import EndpointFigure, EndpointMetricCheck
from policies.loader import load_policies
from policies.metric import MetricCheck, MetricSource
from policies.platform_privilege import PlatformPrivilegeCheck, Privilege
from policies.soak import SoakCheck
from tests.unit.policies.files import findings, written

FILE = """\
apiVersion: herald/v1
metrics:
  precision: {direction: higher, unit: ratio}
  drift_psi: {direction: lower, unit: psi}
  success_rate: {direction: higher, unit: ratio}
  latency_p95_ms: {direction: lower, unit: ms}
policies:
  - name: live
    match: {models: ["prod.*"], aliases: [champion]}
    first_release: deny
    rules:
"""
SUCCESS = "metric: success_rate, min: 0.95, source: endpoint"

KEPT = "figures of endpoints are kept by the hour, for 35 days. Write a window from 1h to 35d"
LOGGED = (
    "rule `rule` has a window or min_samples, and logged metrics have none. "
    "Add `source: endpoint`, or take window and min_samples out"
)
UNMEASURED = (
    "endpoints do not measure `precision`. They measure: success_rate, latency_p95_ms, requests"
)


def loaded(folder: Path, rule: str) -> PolicySet:
    return load_policies([written(folder, f"{FILE}      - {{id: rule, {rule}}}\n")])


def only_check(folder: Path, rule: str) -> object:
    ((check,),) = (policy.checks for policy in loaded(folder, rule).policies)
    return check


def test_endpoint_metric_is_read(tmp_path: Path) -> None:
    rule = f"type: metric, {SUCCESS}, window: 24h, min_samples: 500"
    check = only_check(tmp_path, rule)
    assert isinstance(check, EndpointMetricCheck)
    assert (check.figure, check.window) == (EndpointFigure.SUCCESS_RATE, timedelta(hours=24))
    assert check.min_samples == 500


@pytest.mark.parametrize("source", ["model", "run"])
def test_source_of_a_logged_metric_is_read(tmp_path: Path, source: str) -> None:
    check = only_check(tmp_path, f"type: metric, metric: precision, min: 0.8, source: {source}")
    assert isinstance(check, MetricCheck)
    assert check.source is MetricSource(source)


def test_other_live_rules_are_read(tmp_path: Path) -> None:
    soak = only_check(tmp_path, "type: soak, alias: challenger, min: 48h")
    drift = only_check(tmp_path, "type: drift, metric: drift_psi, max: 0.2, window: 7d")
    power = only_check(tmp_path, "type: platform_privilege, privilege: MANAGE")
    assert isinstance(soak, SoakCheck)
    assert (soak.alias, soak.minimum) == ("challenger", timedelta(days=2))
    assert isinstance(drift, DriftCheck)
    assert (drift.metric.name, drift.window) == ("drift_psi", timedelta(days=7))
    assert isinstance(power, PlatformPrivilegeCheck)
    assert power.privilege is Privilege.MANAGE
    for rule in ("type: endpoint_health", "type: endpoint_health, state: READY"):
        assert isinstance(only_check(tmp_path, rule), EndpointHealthCheck)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            f"type: metric, {SUCCESS}",
            "rule `rule` has no window. Add one, like `window: 24h`",
        ),
        (
            f"type: metric, {SUCCESS}, window: 30m",
            KEPT,
        ),
        (
            f"type: metric, {SUCCESS}, window: 36d",
            KEPT,
        ),
        (
            "type: metric, metric: precision, min: 0.8, source: endpoint, window: 24h",
            UNMEASURED,
        ),
        (
            "type: metric, metric: precision, min: 0.8, window: 24h",
            LOGGED,
        ),
        (
            "type: metric, metric: precision, min: 0.8, source: run, min_samples: 5",
            LOGGED,
        ),
        (
            "type: metric, metric: precision, min: 0.8, source: runs",
            "`runs` is not allowed for `source`. Did you mean `run`?",
        ),
        (
            "type: drift, metric: drift_ksi, max: 0.2",
            "unknown metric `drift_ksi`. Did you mean `drift_psi`?",
        ),
        (
            "type: platform_privilege, privilege: MANGE",
            "`MANGE` is not allowed for `privilege`. Did you mean `MANAGE`?",
        ),
        (
            "type: endpoint_health, state: UP",
            "`UP` is not allowed for `state`. Known: READY",
        ),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, rule: str, said: str) -> None:
    (found,) = findings(tmp_path, f"{FILE}      - {{id: rule, {rule}}}\n")
    assert found.endswith(said), found


@pytest.mark.parametrize("window", ["1h", "35d"])
def test_shortest_and_longest_window_are_themselves_allowed(tmp_path: Path, window: str) -> None:
    check = only_check(tmp_path, f"type: metric, {SUCCESS}, window: {window}")
    assert isinstance(check, EndpointMetricCheck)
    assert check.min_samples == 1
