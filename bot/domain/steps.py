"""The steps of a plan, by name, and the steps that take them back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.names import RequestId
from bot.domain.plan import AliasChange, EndpointChange, Plan


class StepKind(StrEnum):
    """What a step does."""

    CONFIRM = "confirm"
    READ = "read"
    SET_ENDPOINT = "set_endpoint"
    AWAIT_ENDPOINT = "await_endpoint"
    SET_ALIAS = "set_alias"
    SET_TAGS = "set_tags"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One idempotent piece of work: set to the desired value, then read back.

    Attributes:
        name: Key in the journal; never a position, so that an upgrade may add steps.
        undoes: Name of the forward step that this one takes back; empty for a forward step.
        deadline: How long after its start a step may stay undecided before a person is called.
    """

    name: str
    kind: StepKind
    endpoint: EndpointChange | None = None
    alias: AliasChange | None = None
    undoes: str = ""
    deadline: timedelta = timedelta(minutes=2)

    @property
    def is_undo(self) -> bool:
        """Whether this step takes another one back."""
        return bool(self.undoes)


class StepState(StrEnum):
    """How a step stands in the journal."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What is known of one step: the intent before it, the result after.

    Attributes:
        evidence_revision: The revision that was being executed.
        output: JSON text of what the step found or wrote; empty until it is done.
        error: Why it failed, for people; of an undo step under way, what holds it up.
    """

    request: RequestId
    evidence_revision: int
    step: str
    state: StepState
    started_at: datetime
    finished_at: datetime | None = None
    output: str = ""
    error: str = ""


ENDPOINT_DEADLINE = timedelta(minutes=45)
"""Databricks itself waits 20 to 45 minutes for an endpoint (its SDK and Terraform provider)."""


def forward_steps(plan: Plan) -> tuple[Step, ...]:
    """Return the steps of a plan in order: endpoints ready first, then aliases, then tags.

    Batch jobs load the champion by alias, so it must never name a version that cannot start.
    """
    steps = [Step(name="confirm", kind=StepKind.CONFIRM), Step(name="read", kind=StepKind.READ)]
    for change in plan.endpoints:
        steps += _endpoint_steps(change)
    steps += [_alias_step(change) for change in plan.aliases]
    steps += [
        Step(name="tags", kind=StepKind.SET_TAGS),
        Step(name="verify", kind=StepKind.VERIFY),
    ]
    return tuple(steps)


def undo_steps(plan: Plan, started: Collection[str]) -> tuple[Step, ...]:
    """Return the steps that take back what was started, in reverse order, and prove it.

    Args:
        plan: The plan that was being executed.
        started: Names of the forward steps in the journal, done or not.
    """
    reverse = [step for step in reversed(forward_steps(plan)) if step.name in started]
    undo = [_undo(step) for step in reverse if step.kind in _UNDOABLE]
    waits = [
        Step(
            name=f"undo {_await_name(step.endpoint)}",
            kind=StepKind.AWAIT_ENDPOINT,
            endpoint=step.endpoint,
            undoes=_await_name(step.endpoint),
            deadline=ENDPOINT_DEADLINE,
        )
        for step in undo
        if step.endpoint is not None
    ]
    return (*undo, *waits, Step(name="undo verify", kind=StepKind.VERIFY, undoes="verify"))


_UNDOABLE = {StepKind.SET_ENDPOINT, StepKind.SET_ALIAS, StepKind.SET_TAGS}


def _endpoint_steps(change: EndpointChange) -> list[Step]:
    return [
        Step(
            name=f"endpoint {change.endpoint}",
            kind=StepKind.SET_ENDPOINT,
            endpoint=change,
            deadline=ENDPOINT_DEADLINE,
        ),
        Step(
            name=_await_name(change),
            kind=StepKind.AWAIT_ENDPOINT,
            endpoint=change,
            deadline=ENDPOINT_DEADLINE,
        ),
    ]


def _await_name(change: EndpointChange) -> str:
    return f"endpoint {change.endpoint} ready"


def _alias_step(change: AliasChange) -> Step:
    return Step(name=f"alias {change.alias}", kind=StepKind.SET_ALIAS, alias=change)


def _undo(step: Step) -> Step:
    return Step(
        name=f"undo {step.name}",
        kind=step.kind,
        endpoint=step.endpoint,
        alias=step.alias,
        undoes=step.name,
        deadline=step.deadline,
    )
