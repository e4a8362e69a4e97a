"""Reads the test results that a run brings."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.domain.evidence import TestResult


class _TestEntry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    outcome: str
    finished_at: AwareDatetime
    run_id: str = ""
    writer: str = ""


class _TestFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    tests: list[_TestEntry]


def parse_tests(raw: bytes) -> tuple[TestResult, ...]:
    """Return the entries of a ``validation/tests.json``; ``ValueError`` when it is something else.

    Shape: ``{"tests": [{"name", "outcome", "finished_at" with zone, "run_id"?, "writer"?}]}``.
    """
    try:
        file = _TestFile.model_validate_json(raw)
    except ValidationError as error:
        raise ValueError(str(error)) from error
    return tuple(
        TestResult(
            name=entry.name,
            outcome=entry.outcome,
            finished_at=entry.finished_at,
            run_id=entry.run_id,
            writer=entry.writer,
        )
        for entry in file.tests
    )
