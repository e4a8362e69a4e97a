"""Making the plan of a promotion or rollback from facts, or saying why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, count

from bot.domain.evidence import PolicyFacts
from bot.domain.names import AliasName, ModelName, short_name
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.policy import ChangeKind
from bot.domain.refusal import Refusal
from bot.domain.registry import CaseVariant, case_variant
from bot.domain.serving import EndpointUpdate, Route, ServedEntity, ServingEndpoint, traffic_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasNames:
    """The configured names of the three aliases that Herald moves."""

    champion: AliasName
    challenger: AliasName
    archived: AliasName


def plan_change(kind: ChangeKind, facts: PolicyFacts, names: AliasNames) -> Plan | Refusal:
    """Return the writes that bring about a change, or every reason why they cannot be planned.

    A refusal for reasons that pass by themselves is marked as trouble: it voids nothing. A version
    that is champion already can be planned where an endpoint serves another one: only that changes.
    Only a change of the champion touches endpoints and the other aliases: ``archived`` gets the
    version that left; on a promotion ``challenger`` falls away when its version became champion.
    """
    obstacles = tuple(_obstacles(facts, names))
    passing = tuple(_passing_obstacles(facts, names))
    if obstacles or passing:
        return Refusal(
            what=f"{_label(facts)} cannot be proposed",
            reasons=obstacles + passing,
            remedies=_remedies(facts, names),
            is_trouble=not obstacles,
        )
    if facts.alias != names.champion:
        aliases: tuple[AliasChange, ...] = (_move(facts, facts.alias, _candidate(facts)),)
        endpoints: tuple[EndpointChange, ...] = ()
        skewed: tuple[str, ...] = ()
    else:
        aliases = tuple(_champion_moves(kind, facts, names))
        endpoints = tuple(_endpoint_changes(facts))
        skewed = skew(facts)
    return Plan(
        model=facts.name,
        version=_candidate(facts),
        endpoints=endpoints,
        aliases=aliases,
        way_back=None if _is_named_already(facts) else _named(facts),
        skew=skewed,
    )


def skew(facts: PolicyFacts) -> tuple[str, ...]:
    """Return, for people, each endpoint that serves another version than the alias names."""
    if facts.current is None:
        return ()
    named = facts.current.version.version
    return tuple(
        f"{endpoint.name} serves {served}, {facts.alias} is v{named}"
        for endpoint in facts.endpoints
        for served in [_versions(endpoint.routes_of(facts.name))]
        if served not in {"", f"v{named}"}
    )


def _versions(own: Iterable[Route]) -> str:
    return " and ".join(f"v{version}" for version in sorted({route.version for route in own}))


def _named(facts: PolicyFacts) -> int | None:
    return facts.model.aliases.get(facts.alias)


def _is_named_already(facts: PolicyFacts) -> bool:
    return _named(facts) == _candidate(facts)


def _candidate(facts: PolicyFacts) -> int:
    return facts.candidate.version.version


def _label(facts: PolicyFacts) -> str:
    return f"{short_name(facts.name)} v{_candidate(facts)}"


def _obstacles(facts: PolicyFacts, names: AliasNames) -> Iterable[str]:
    is_served_otherwise = facts.alias == names.champion and any(_endpoint_changes(facts))
    if _is_named_already(facts) and not is_served_otherwise:
        yield f"it is {facts.alias} already"
    for variant in _case_variants(facts, names):
        yield f"{variant.told()}: two aliases that differ only by case would name two versions"
    if not facts.candidate.version.is_ready:
        yield "the registry has not finished registering it"
    if facts.alias == names.champion:
        yield from _serving_obstacles(facts)


def _serving_obstacles(facts: PolicyFacts) -> Iterable[str]:
    for endpoint in facts.endpoints:
        own = [e for e in endpoint.entities if e.model == facts.name]
        if len({entity.settings_digest for entity in own}) > 1:
            yield (
                f"endpoint {endpoint.name} serves several versions of it with different settings, "
                "and Herald could not restore them"
            )


def _passing_obstacles(facts: PolicyFacts, names: AliasNames) -> Iterable[str]:
    """Yield the endpoints that are on the way to serving something else of this model.

    A neighbour's update on a shared endpoint is no obstacle to a plan: the step waits for it.
    """
    if facts.alias != names.champion:
        return
    for endpoint in facts.endpoints:
        moving = endpoint.update is EndpointUpdate.IN_PROGRESS
        if moving and endpoint.pending_routes_of(facts.name) != endpoint.routes_of(facts.name):
            yield f"endpoint {endpoint.name} is taking another update of it now"


def _remedies(facts: PolicyFacts, names: AliasNames) -> tuple[str, ...]:
    variants = tuple(
        f"In the registry, delete `{variant.found}` or name it `{variant.configured}`"
        for variant in _case_variants(facts, names)
    )
    return (*variants, f"See what stands: `/model show {short_name(facts.name)}`")


def _case_variants(facts: PolicyFacts, names: AliasNames) -> Iterable[CaseVariant]:
    for alias in dict.fromkeys((facts.alias, names.champion, names.archived, names.challenger)):
        variant = case_variant(facts.model, alias)
        if variant:
            yield variant


def _move(facts: PolicyFacts, alias: AliasName, after: int | None) -> AliasChange:
    return AliasChange(alias=alias, before=facts.model.aliases.get(alias), after=after)


def _champion_moves(
    kind: ChangeKind, facts: PolicyFacts, names: AliasNames
) -> Iterable[AliasChange]:
    if _is_named_already(facts):
        return
    candidate, current = _candidate(facts), facts.current
    if current is not None and facts.model.aliases.get(names.archived) != current.version.version:
        yield _move(facts, names.archived, current.version.version)
    yield _move(facts, names.champion, candidate)
    was_challenger = facts.model.aliases.get(names.challenger) == candidate
    if kind is ChangeKind.PROMOTE and was_challenger:
        yield _move(facts, names.challenger, None)


def _endpoint_changes(facts: PolicyFacts) -> Iterable[EndpointChange]:
    for endpoint in sorted(facts.endpoints, key=lambda e: e.name):
        before = endpoint.routes_of(facts.name)
        after = (_route(facts.name, _candidate(facts), endpoint, traffic_of(before)),)
        if before and _served(before) != _served(after):
            yield EndpointChange(
                endpoint=endpoint.name,
                before=before,
                after=after,
                shared_with=_neighbours(facts.name, endpoint.entities),
            )


def _served(own: Iterable[Route]) -> list[tuple[int, int]]:
    return sorted((route.version, route.traffic_percentage) for route in own)


def _neighbours(model: ModelName, entities: Iterable[ServedEntity]) -> tuple[ModelName, ...]:
    return tuple(sorted({e.model for e in entities if e.model and e.model != model}))


def _route(model: ModelName, version: int, endpoint: ServingEndpoint, traffic: int) -> Route:
    """Name the entity as Databricks does by default, kept apart from the neighbours' names."""
    taken = {entity.name for entity in endpoint.entities if entity.model != model}
    name, full = f"{short_name(model)}-{version}", f"{model.replace('.', '-')}-{version}"
    numbered = (f"{full}-{number}" for number in count(2))
    entity = next(free for free in chain((name, full), numbered) if free not in taken)
    return Route(version=version, traffic_percentage=traffic, entity=entity)
