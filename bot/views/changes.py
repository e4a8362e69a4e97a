"""What a plan will change, in the words of its cards."""

from collections.abc import Iterable, Iterator

from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.registry import RegisteredModel
from bot.domain.serving import Route, traffic_of
from bot.views.rich import Part, bold
from bot.views.texts import listed

SHOWN_ENDPOINTS = 20
FEW = 4


def change_lines(plan: Plan) -> Iterator[list[Part]]:
    """Yield each write of a plan in its order, then the way back."""
    if not plan.endpoints:
        yield ["no endpoint changes: only aliases move"]
    for change in plan.endpoints[:SHOWN_ENDPOINTS]:
        yield [bold(change.endpoint), f": {endpoint_move(change)}"]
    if len(plan.endpoints) > SHOWN_ENDPOINTS:
        yield [f"and {len(plan.endpoints) - SHOWN_ENDPOINTS} more endpoints likewise"]
    moves = " · ".join(alias_move(change) for change in plan.aliases)
    yield [moves or f"no alias moves: v{plan.version} has it already"]
    yield [way_back(plan)]


def way_back(plan: Plan) -> str:
    """Return where a rollback or undo would lead."""
    if not plan.aliases:
        return "If it goes wrong: endpoints serve as before"
    if plan.way_back is None:
        return f"If it goes wrong: no way back, nothing was {plan.aliases[0].alias} before"
    return f"If it goes wrong: back to v{plan.way_back}"


def endpoint_move(change: EndpointChange) -> str:
    """Return what an endpoint serves before and after: ``v6 100 % → v7 100 %``."""
    shared = f" (shared with {listed(change.shared_with)}: unchanged)" if change.shared_with else ""
    return f"{served(change.before)} → {served(change.after)}{shared}"


def alias_move(change: AliasChange) -> str:
    """Return where an alias points before and after: ``champion v6 → v7``."""
    return f"{change.alias} {named(change.before)} → {named(change.after)}"


def served(routes: Iterable[Route]) -> str:
    """Return versions with their shares of traffic."""
    return ", ".join(f"v{r.version} {r.traffic_percentage} %" for r in routes) or "nothing"


def named(version: int | None) -> str:
    """Return a version as an alias names it."""
    return "none" if version is None else f"v{version}"


def shares_of(plan: Plan) -> str:
    """Return what the new version serves once a plan is done: ``100 % of fraud-scorer``."""
    shares = [f"{traffic_of(c.after)} % of {c.endpoint}" for c in plan.endpoints]
    return listed(_first_few(shares))


def named_versions(model: RegisteredModel) -> str:
    """Return what a model's aliases name, the newest version first."""
    newest = sorted(model.aliases.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{alias} v{version}" for alias, version in newest)


def as_before(plan: Plan, alias: str) -> str:
    """Return what stands once a plan is taken back, as a sentence."""
    moved = next((c for c in plan.aliases if c.alias == alias), None)
    target = f"{alias} is {named(moved.before)}" if moved else ""
    served_now = [f"{c.endpoint} serves {served(c.before)}" for c in plan.endpoints]
    parts = [part for part in (target, *served_now) if part]
    return f"{listed(_first_few(parts))} as before"


def _first_few(parts: list[str]) -> list[str]:
    more = len(parts) - FEW
    return [*parts[:FEW], f"{more} more"] if more > 0 else parts
