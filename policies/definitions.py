"""The names that policy files define: metrics, roles and policies, each of them once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.people import MEMBERS
from policies.document import Document, Trail
from policies.findings import Finding, Position
from policies.schema import MetricEntry, PolicyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """A policy file of the right form, with its places."""

    document: Document
    content: PolicyFile

    def at_value(self, trail: Trail, problem: str, remedy: str) -> Finding:
        """Return a finding about a value."""
        return self._finding(self.document.at(trail), problem, remedy)

    def at_key(self, trail: Trail, problem: str, remedy: str) -> Finding:
        """Return a finding about an entry's name."""
        return self._finding(self.document.at_key(trail), problem, remedy)

    def _finding(self, place: Position, problem: str, remedy: str) -> Finding:
        return Finding(file=self.document.file, position=place, problem=problem, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What all files define together.

    Attributes:
        rules: Ids of the rules of each policy.
    """

    metrics: dict[str, MetricEntry] = field(default_factory=dict)
    roles: set[str] = field(default_factory=lambda: {str(MEMBERS)})
    rules: dict[str, set[str]] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)

    def add(self, file: ParsedFile) -> Iterator[Finding]:
        """Take in the names of a file; yield a finding for each that was there before."""
        content = file.content
        for metric, entry in content.metrics.items():
            self.metrics.setdefault(metric, entry)
            yield from self._once(file, ("metrics", metric), f"metric `{metric}`")
        for role in content.roles:
            yield from self._once(file, ("roles", role), f"role `{role}`")
            if role == MEMBERS:
                problem = f"role `{role}` is built in: every full member of the workspace"
                yield file.at_key(("roles", role), problem, "Give yours another name")
        self.roles.update(content.roles)
        for role in content.may:
            yield from self._once(file, ("may", role), f"`may` of role `{role}`")
        for number, policy in enumerate(content.policies):
            yield from self._once(file, ("policies", number, "name"), f"policy `{policy.name}`")
            self.rules.setdefault(policy.name, set()).update(rule.id for rule in policy.rules)

    def add_aliases(self, file: ParsedFile) -> Iterator[Finding]:
        """Take in the other names of a file's metrics, once all metrics are known."""
        for metric, entry in file.content.metrics.items():
            for number, alias in enumerate(entry.aliases):
                trail = ("metrics", metric, "aliases", number)
                if alias in self.metrics:
                    problem = f"`{alias}` is a metric of its own"
                    yield file.at_value(trail, problem, "Remove the alias, or that metric")
                yield from self._once(file, trail, f"metric alias `{alias}`")

    def _once(self, file: ParsedFile, trail: Trail, what: str) -> Iterator[Finding]:
        first = self._places.get(what)
        remedy = "Keep one of them"
        found = file.at_key(trail, f"{what} is defined twice, first at {first}", remedy)
        if first is None:
            self._places[what] = found.where
        else:
            yield found
