"""Progress of an execution: one plan block of task cards, edited in place."""

from slack_sdk.models.blocks import PlanBlock, TaskCardBlock

from bot.domain.counting import count
from bot.domain.messages import RequestCard, StepView
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.steps import Step, StepKind, forward_steps, undo_steps
from bot.views.changes import named, served
from bot.views.message import Block
from bot.views.rich import paragraph, rich
from bot.views.texts import duration, one_line

TITLE_LIMIT = 150


def progress(card: RequestCard) -> list[Block]:
    """Return the steps so far and to come, or nothing before the execution began."""
    if not card.steps:
        return []
    labels = step_labels(card.request.evidence.plan)
    tasks = [_task(step, labels) for step in card.steps]
    ended = sum(step.state == "complete" for step in card.steps)
    title = f"{ended} of {count(len(card.steps), 'step')} done"
    block: Block = PlanBlock(title=title, tasks=tasks).to_dict()
    return [block]


def current_step(card: RequestCard) -> str:
    """Return the step under way, for the headline: ``move champion to v7 (step 5 of 9)``."""
    labels = step_labels(card.request.evidence.plan)
    for number, step in enumerate(card.steps, start=1):
        if step.state != "complete":
            label = one_line(labels.get(step.name, step.name))
            return f"{label} (step {number} of {len(card.steps)})"
    return "under way"


def step_labels(plan: Plan) -> dict[str, str]:
    """Return what each step of a plan, and of its undo, does, by its name in the journal."""
    forward = forward_steps(plan)
    undo = undo_steps(plan, [step.name for step in forward])
    return {step.name: _label(step, plan) for step in (*forward, *undo)}


def timed(step: StepView, labels: dict[str, str]) -> str:
    """Return a step's label with how long it took."""
    label = labels.get(step.name, step.name)
    took = f" · {duration(step.seconds)}" if step.seconds is not None else ""
    return one_line(label, TITLE_LIMIT - len(took)) + took


def _task(step: StepView, labels: dict[str, str]) -> TaskCardBlock:
    detail = one_line(step.detail, 500)
    return TaskCardBlock(
        task_id=one_line(step.name, 200),
        title=timed(step, labels),
        status=step.state,
        details=rich(paragraph(detail)) if detail else None,
    )


def _label(step: Step, plan: Plan) -> str:
    if step.endpoint is not None:
        return _endpoint_label(step, step.endpoint)
    if step.alias is not None:
        return _alias_label(step.alias, is_undo=step.is_undo)
    if step.kind is StepKind.SET_TAGS:
        return f"{'take back' if step.is_undo else 'set'} tags of v{plan.version}"
    if step.kind is StepKind.VERIFY:
        return f"read everything back: as {'before' if step.is_undo else 'planned'}"
    return _PREPARING.get(step.kind, step.name)


_PREPARING = {
    StepKind.CONFIRM: "confirm that the evidence is as agreed",
    StepKind.READ: "read what stands",
}


def _endpoint_label(step: Step, change: EndpointChange) -> str:
    routes = served(change.before if step.is_undo else change.after)
    again = " again" if step.is_undo else ""
    if step.kind is StepKind.SET_ENDPOINT:
        return f"tell {change.endpoint} to serve {routes}{again}"
    return f"wait until {change.endpoint} serves {routes}{again}"


def _alias_label(change: AliasChange, *, is_undo: bool) -> str:
    if is_undo:
        return f"move {change.alias} back to {named(change.before)}"
    if change.after is None:
        return f"take {change.alias} off v{change.before}"
    return f"move {change.alias} to {named(change.after)}"
