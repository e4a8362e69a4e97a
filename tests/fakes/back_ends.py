"""Back ends in memory: they record what is written, and fail or change when told to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain.errors import EndpointBusyError, NotFoundError
from bot.domain.figures import Reading
from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.registry import ModelContents, ModelVersion, RegisteredModel, Run
from bot.domain.serving import EndpointUpdate, Route, ServedEntity, ServingEndpoint

REGISTRY = "The registry"
SERVING = "The serving platform"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Hook = Callable[[str, str], Awaitable[None]]


@dataclass
class FakeRegistry:
    """A registry, its runs and its files; implements five ports.

    Attributes:
        writes: Every write in order, as ``alias champion 2`` or ``tags 2 herald.request``.
        before: Called with the call's name and subject before each call, to fail or to change.
    """

    known: dict[ModelName, RegisteredModel] = field(default_factory=dict)
    numbered: dict[tuple[ModelName, int], ModelVersion] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    contents_of: dict[tuple[ModelName, int], ModelContents] = field(default_factory=dict)
    tables_of: dict[tuple[ModelName, int], tuple[str, ...]] = field(default_factory=dict)
    held: dict[str, frozenset[str]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    before: Hook | None = None

    async def models(self) -> tuple[RegisteredModel, ...]:
        await self._before("models", "")
        return tuple(self.known[name] for name in sorted(self.known))

    async def model(self, name: ModelName) -> RegisteredModel:
        await self._before("model", name)
        if name not in self.known:
            raise NotFoundError(REGISTRY, f"there is no model {name}")
        return self.known[name]

    async def versions(self, name: ModelName) -> tuple[ModelVersion, ...]:
        await self._before("versions", name)
        own = [version for (model, _), version in self.numbered.items() if model == name]
        return tuple(sorted(own, key=lambda v: -v.version))

    async def version(self, name: ModelName, version: int) -> ModelVersion:
        await self._before("version", name)
        if (name, version) not in self.numbered:
            raise NotFoundError(REGISTRY, f"{name} has no version {version}")
        return self.numbered[name, version]

    async def write(self, run_id: str, path: str, content: bytes) -> None:
        await self._before("write", path)
        self.files[run_id, path] = content

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        await self._before("set_alias", alias)
        self.writes.append(f"alias {alias} {version}")
        self.move(name, alias, version)
        await self._after("set_alias", alias)

    async def set_tags(self, name: ModelName, version: int, tags: Mapping[str, str | None]) -> None:
        await self._before("set_tags", name)
        self.writes.append(f"tags {version} {' '.join(sorted(tags))}")
        old = self.numbered[name, version]
        kept = {key: value for key, value in old.tags.items() if key not in tags}
        new = {key: value for key, value in tags.items() if value is not None}
        self.numbered[name, version] = replace(old, tags={**kept, **new})
        await self._after("set_tags", name)

    async def run(self, run_id: str) -> Run:
        await self._before("run", run_id)
        if run_id not in self.runs:
            raise NotFoundError(REGISTRY, f"there is no run {run_id}")
        return self.runs[run_id]

    async def contents(self, version: ModelVersion) -> ModelContents:
        await self._before("contents", version.name)
        return self.contents_of.get((version.name, version.version), ModelContents())

    async def run_artifact(self, run_id: str, path: str) -> bytes | None:
        await self._before("run_artifact", path)
        return self.files.get((run_id, path))

    async def run_folder(self, run_id: str, folder: str) -> frozenset[str]:
        await self._before("run_folder", folder)
        start = f"{folder}/" if folder else ""
        below = [
            p.removeprefix(start) for r, p in self.files if r == run_id and p.startswith(start)
        ]
        heads = (path.partition("/") for path in below)
        return frozenset(f"{start}{head}{slash}" for head, slash, _ in heads)

    async def tables(self, model: ModelName, version: int) -> tuple[str, ...]:
        await self._before("tables", f"{model} {version}")
        return self.tables_of.get((model, version), ())

    async def privileges(self, email: str, model: ModelName) -> frozenset[str] | None:
        await self._before("privileges", f"{email} {model}")
        return self.held.get(email)

    def move(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        """Move an alias as somebody outside Herald would."""
        aliases = dict(self.known[name].aliases)
        aliases.pop(alias, None)
        if version is not None:
            aliases[alias] = version
        self.known[name] = replace(self.known[name], aliases=aliases)

    async def _before(self, call: str, subject: str) -> None:
        if self.before is not None:
            await self.before(call, subject)

    async def _after(self, call: str, subject: str) -> None:
        if self.before is not None:
            await self.before(f"{call} done", subject)


@dataclass
class FakeServing:
    """Endpoints whose updates come up at once, later, or never.

    Attributes:
        failing: Versions that cannot start, with the platform's reason.
        slow_looks: How many looks an update stays in progress.
    """

    endpoints: dict[EndpointName, ServingEndpoint] = field(default_factory=dict)
    failing: dict[int, str] = field(default_factory=dict)
    slow_looks: int = 0
    writes: list[str] = field(default_factory=list)
    before: Hook | None = None
    _looks: dict[EndpointName, int] = field(default_factory=dict)

    async def endpoints_serving(self, model: ModelName) -> tuple[ServingEndpoint, ...]:
        await self._before("endpoints_serving", model)
        return tuple(
            endpoint
            for _, endpoint in sorted(self.endpoints.items())
            if any(entity.model == model for entity in endpoint.entities)
        )

    async def overview(self) -> tuple[ServingEndpoint, ...]:
        await self._before("overview", "")
        return tuple(self.endpoints[name] for name in sorted(self.endpoints))

    async def endpoint(self, name: EndpointName) -> ServingEndpoint:
        await self._before("endpoint", name)
        if name not in self.endpoints:
            raise NotFoundError(SERVING, f"there is no endpoint {name}")
        self._settle(name)
        await self._before("endpoint done", name)
        return self.endpoints[name]

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        await self._before("serve", name)
        endpoint = self.endpoints[name]
        if endpoint.update is EndpointUpdate.IN_PROGRESS:
            raise EndpointBusyError(SERVING, f"{name} is taking another update")
        others = tuple(e for e in endpoint.entities if e.model != model)
        wanted = tuple(
            ServedEntity(
                name=route.entity,
                model=model,
                version=route.version,
                traffic_percentage=route.traffic_percentage,
            )
            for route in routes
        )
        self.writes.append(f"serve {name} {','.join(str(r.version) for r in routes)}")
        self.endpoints[name] = replace(
            endpoint, update=EndpointUpdate.IN_PROGRESS, pending=(*wanted, *others)
        )
        self._looks[name] = self.slow_looks
        await self._before("serve done", name)

    def _settle(self, name: EndpointName) -> None:
        endpoint = self.endpoints[name]
        if endpoint.update is not EndpointUpdate.IN_PROGRESS:
            return
        if self._looks.get(name, 0) > 0:
            self._looks[name] -= 1
            return
        broken = [e for e in endpoint.pending if e.version in self.failing]
        if broken:
            pending = tuple(self._failed(entity) for entity in endpoint.pending)
            self.endpoints[name] = replace(endpoint, update=EndpointUpdate.FAILED, pending=pending)
        else:
            self.endpoints[name] = replace(
                endpoint, update=EndpointUpdate.SETTLED, entities=endpoint.pending, pending=()
            )

    def _failed(self, entity: ServedEntity) -> ServedEntity:
        reason = self.failing.get(entity.version or 0)
        return replace(entity, state="FAILED", message=reason) if reason else entity

    async def _before(self, call: str, subject: str) -> None:
        if self.before is not None:
            await self.before(call, subject)


@dataclass
class FakeMetrics:
    """What endpoints measure, as a test sets it; nothing is known of the others."""

    readings: dict[EndpointName, Reading] = field(default_factory=dict)
    read_names: list[EndpointName] = field(default_factory=list)
    before: Hook | None = None

    async def read(self, name: EndpointName) -> Reading:
        self.read_names.append(name)
        if self.before is not None:
            await self.before("metrics", name)
        return self.readings.get(name, Reading(at=EPOCH, problem="nothing is measured"))
