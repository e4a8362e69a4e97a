"""The papers that a run carries: its model card and the record of its tests.

`documentation/model_card.yaml` is a mapping of six texts or lists: `purpose`, `input_schema`,
`output_schema`, `training_data`, `performance_metrics`, `limitations`.

`validation/tests.json` is `{"tests": [entry, ...]}` with one entry for each suite:

    name         unit | integration | load
    outcome      passed | failed
    finished_at  UTC, `2026-11-20T08:30:00Z`
    run_id       the MLflow run that the suite was run for
    writer       who wrote the entry
    passed       number of cases that passed
    failed       number of cases that failed
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.sandbox.demo.shapes import DemoModel

CARD_PATH = "documentation/model_card.yaml"
TESTS_PATH = "validation/tests.json"
WRITER = "ci@acme.example"

SUITES: dict[str, int] = {"unit": 42, "integration": 12, "load": 3}


def model_card(
    model: DemoModel,
    *,
    inputs: Mapping[str, str],
    output: str,
    data: str,
    metrics: Mapping[str, float],
) -> dict[str, object]:
    """Return the model card; `inputs` maps each column to its type."""
    return {
        "purpose": model.purpose,
        "input_schema": [{"name": name, "type": kind} for name, kind in inputs.items()],
        "output_schema": [{"name": "prediction", "type": output}],
        "training_data": data,
        "performance_metrics": dict(metrics),
        "limitations": "Made for demonstrations: nobody's money or flowers should depend on it.",
    }


def test_record(run_id: str, at: datetime) -> dict[str, object]:
    """Return the record of three suites that passed in the hours before `at`."""
    entries = [
        {
            "name": name,
            "outcome": "passed",
            "finished_at": (at - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "run_id": run_id,
            "writer": WRITER,
            "passed": cases,
            "failed": 0,
        }
        for hours, (name, cases) in zip((6, 5, 3), SUITES.items(), strict=True)
    ]
    return {"tests": entries}
