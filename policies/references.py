"""What policies refer to has to be there, and has to fit: metrics, bounds, units, roles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.people import MEMBERS
from bot.domain.policy import FirstRelease
from policies.approvals import ApprovalEntry
from policies.compare import CompareRule
from policies.definitions import Definitions, ParsedFile
from policies.document import Trail
from policies.findings import Finding, hint
from policies.schema import AnyRule, PolicyEntry

RATIO = "ratio"
HUNDRED = 100
_ADD_IT = "Add it to the catalogue under `metrics`, which"


def check_references(files: Iterable[ParsedFile]) -> Iterator[Finding]:
    """Yield what does not fit together within and between files."""
    files, defined = tuple(files), Definitions()
    for file in files:
        yield from defined.add(file)
    for file in files:
        yield from defined.add_aliases(file)
        for role in file.content.may:
            if role not in defined.roles:
                yield file.at_key(("may", role), *_unknown_role(role, defined))
        for number, policy in enumerate(file.content.policies):
            yield from _PolicyCheck(
                file=file, policy=policy, trail=("policies", number), defined=defined
            ).findings()
        yield from _unknown_exempted(file, defined)


def _unknown_exempted(file: ParsedFile, defined: Definitions) -> Iterator[Finding]:
    for number, entry in enumerate(file.content.exemptions):
        trail, known = ("exemptions", number), defined.rules.get(entry.policy)
        if known is None:
            problem, remedy = f"unknown policy `{entry.policy}`", hint(entry.policy, defined.rules)
            yield file.at_value((*trail, "policy"), problem, remedy)
            continue
        for index, rule in enumerate(entry.rules):
            if rule not in known:
                problem = f"policy `{entry.policy}` has no rule `{rule}`"
                yield file.at_value((*trail, "rules", index), problem, hint(rule, known))


def _unknown_role(role: str, defined: Definitions) -> tuple[str, str]:
    return f"unknown role `{role}`", hint(role, defined.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PolicyCheck:
    """One policy, in its file and among all that is defined."""

    file: ParsedFile
    policy: PolicyEntry
    trail: Trail
    defined: Definitions

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the policy's rules and approvals."""
        yield from self._repeated_rules()
        for number, rule in enumerate(self.policy.rules):
            trail = (*self.trail, "rules", number)
            yield from self._unfit_metrics(trail, rule)
        yield from self._unknown_approvers()
        yield from self._nobody_to_ask()

    def _repeated_rules(self) -> Iterator[Finding]:
        lines: dict[str, int] = {}
        for number, rule in enumerate(self.policy.rules):
            trail = (*self.trail, "rules", number, "id")
            if rule.id in lines:
                yield self.file.at_value(
                    trail,
                    f"rule `{rule.id}` is in policy `{self.policy.name}` twice, "
                    f"first in line {lines[rule.id]}",
                    "Give each rule its own id",
                )
            lines.setdefault(rule.id, self.file.document.at(trail).line)

    def _unfit_metrics(self, trail: Trail, rule: AnyRule) -> Iterator[Finding]:
        for use in rule.metric_uses():
            yield from self._unknown_metric((*trail, *use.trail), use.metric)
            for place, bound in use.bounds:
                yield from self._no_ratio((*trail, *place), use.metric, bound)
        if isinstance(rule, CompareRule):
            yield from self._mixed_units((*trail, "max_drop"), rule)
            yield from self._no_share((*trail, "paired", "correct"), rule)
            yield from self._against_another((*trail, "against"), rule)

    def _unknown_metric(self, trail: Trail, metric: str) -> Iterator[Finding]:
        known = self.defined.metrics
        if metric not in known:
            otherwise = f"{_ADD_IT} has: {{}}" if known else f"{_ADD_IT} is empty"
            remedy = hint(metric, known, otherwise)
            yield self.file.at_value(trail, f"unknown metric `{metric}`", remedy)

    def _no_ratio(self, trail: Trail, metric: str, bound: Decimal | None) -> Iterator[Finding]:
        entry = self.defined.metrics.get(metric)
        if bound is None or entry is None or entry.unit != RATIO or 0 <= bound <= 1:
            return
        is_percent = 1 < bound <= HUNDRED
        meant = f": write {(bound / HUNDRED).normalize():f}" if is_percent else ""
        yield self.file.at_value(
            trail,
            f"{bound:f} is no value of `{metric}`",
            f"It is a ratio, from 0 to 1{meant}",
        )

    def _mixed_units(self, trail: Trail, rule: CompareRule) -> Iterator[Finding]:
        known = self.defined.metrics
        units = sorted({known[m].unit or "none" for m in rule.metrics if m in known})
        if rule.max_drop is not None and len(units) > 1:
            yield self.file.at_value(
                trail,
                f"one max_drop for metrics of several units ({', '.join(units)})",
                "Write one rule for each unit, or use max_drop_relative",
            )

    def _no_share(self, trail: Trail, rule: CompareRule) -> Iterator[Finding]:
        known = self.defined.metrics
        units = {known[m].unit for m in rule.metrics if m in known} - {"", RATIO}
        if rule.paired and rule.paired.correct and units:
            yield self.file.at_value(
                trail,
                f"right answers make a ratio, and `{rule.metrics[0]}` is in {units.pop()}",
                "Name a metric that is a ratio, or compare a column of numbers with `value`",
            )

    def _against_another(self, trail: Trail, rule: CompareRule) -> Iterator[Finding]:
        others = [a for a in self.policy.match.aliases if rule.against and a != rule.against]
        if others:
            yield self.file.at_value(
                trail,
                f"a change of {others[0]} is compared with what {others[0]} names",
                f"Write a policy of its own for {rule.against}, or leave `against` out",
            )

    def _unknown_approvers(self) -> Iterator[Finding]:
        for number, approval in enumerate(self.policy.approvals):
            trail = (*self.trail, "approvals", number)
            named = [((*trail, "role"), approval.role)]
            named += [
                ((*trail, "unless_asked_by", index), role)
                for index, role in enumerate(approval.unless_asked_by)
            ]
            for place, role in named:
                yield from self._unknown_role(place, role)
            yield from self._unknown_rules(trail, approval)
        if self.policy.escalate:
            place = (*self.trail, "escalate", "role")
            yield from self._unknown_role(place, self.policy.escalate.role)
            yield from self._everybody(place, self.policy.escalate.role)

    def _everybody(self, place: Trail, role: str) -> Iterator[Finding]:
        if role == MEMBERS:
            problem = f"`{role}` is every full member of the workspace: too many to be told"
            yield self.file.at_value(place, problem, "Name a role that knows what to do")

    def _unknown_role(self, place: Trail, role: str) -> Iterator[Finding]:
        if role not in self.defined.roles:
            yield self.file.at_value(place, *_unknown_role(role, self.defined))

    def _unknown_rules(self, trail: Trail, approval: ApprovalEntry) -> Iterator[Finding]:
        known = [rule.id for rule in self.policy.rules]
        for rule in approval.when.outcomes if approval.when else ():
            if rule not in known:
                place = (*trail, "when", "outcomes", rule)
                remedy = hint(rule, known) if known else "It has none"
                yield self.file.at_key(
                    place, f"policy `{self.policy.name}` has no rule `{rule}`", remedy
                )

    def _nobody_to_ask(self) -> Iterator[Finding]:
        policy = self.policy
        asks = policy.first_release is FirstRelease.REQUIRE_APPROVAL
        if asks and "promote" in policy.changes and not policy.approvals:
            yield self.file.at_value(
                (*self.trail, "first_release"),
                f"policy `{policy.name}` asks people about a first release, "
                "and names nobody who may approve it",
                "Add `approvals`, or write `first_release: deny` or `first_release: allow`",
            )
