"""What a version has to show to those who audit releases, part by part."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.automatic import BY_POLICY
from bot.domain.blank import says_nothing
from bot.domain.counting import count
from bot.domain.evidence import TEST_EVIDENCE_PATH, Needs, TestResult, VersionEvidence, file_part
from bot.domain.model_card import MODEL_CARD_PATH
from bot.domain.names import AliasName, CardKey, ModelName, SlackUserId
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.test_results import PASSED, deciding

REPORT_PATH = "compliance/report.json"
"""Where the report is written among the artifacts of the version's run."""
DOCUMENTATION, VALIDATION = "documentation/", "validation/"
NEEDS = Needs(artifacts=frozenset({DOCUMENTATION, VALIDATION}))
"""What has to be read for it, beside the model card."""
SCHEMA = 1


class Part(StrEnum):
    """What is asked of a version."""

    DESCRIPTION = "description"
    MODEL_CARD = "model card"
    REQUIREMENTS = "requirements"
    TESTS = "tests"
    APPROVALS = "approvals"
    DOCUMENTATION = "documentation"
    VALIDATION = "validation"


class PartState(StrEnum):
    """How a part stands."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One part, what was found, and what to do where it is not in order."""

    part: Part
    state: PartState
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody agreed to a change that brought this version somewhere.

    Attributes:
        by: ``BY_POLICY`` where policies asked for nobody.
    """

    by: SlackUserId
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceReport:
    """All parts of one version.

    Attributes:
        aliases: Those that name the version.
        written_to: Run and path where the report is kept; empty where it could not be written.
        unwritten: Why not, for people; else empty.
        shared_by: Who showed it to everybody; None for a private answer.
    """

    key: CardKey | None
    model: ModelName
    version: int
    aliases: tuple[AliasName, ...]
    items: tuple[Item, ...]
    approvals: tuple[Approval, ...]
    at: datetime
    written_to: str = ""
    unwritten: str = ""
    shared_by: SlackUserId | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every part is in order."""
        return all(item.state is PartState.OK for item in self.items)

    def content(self) -> Mapping[str, object]:
        """Return the report as a JSON object."""
        return {
            "schema": SCHEMA,
            "model": self.model,
            "version": self.version,
            "aliases": sorted(self.aliases),
            "at": self.at,
            "complete": self.is_complete,
            "parts": {
                item.part: {"state": item.state, "found": item.found, "remedy": item.remedy}
                for item in self.items
            },
            "approvals": [{"by": each.by, "request": each.request} for each in self.approvals],
        }


def items_of(
    evidence: VersionEvidence,
    card: CheckOutcome,
    approvals: Iterable[Approval],
    at: datetime,
    waiting: str = "",
) -> tuple[Item, ...]:
    """Return how each part of a version stands.

    Args:
        evidence: With the presence of the folders that ``NEEDS`` names.
        card: What a check of the model card found.
        approvals: Of this version, by anybody.
        at: When it is asked.
        waiting: Label of the request that asks for it now; empty for none.
    """
    return (
        _description(evidence),
        _model_card(card),
        _requirements(evidence),
        _tests(evidence, at),
        _approvals(tuple(approvals), waiting),
        _folder(evidence, Part.DOCUMENTATION, DOCUMENTATION, MODEL_CARD_PATH),
        _folder(evidence, Part.VALIDATION, VALIDATION, "validation/report.txt"),
    )


def _description(evidence: VersionEvidence) -> Item:
    words = len(evidence.version.description.split())
    if not says_nothing(evidence.version.description):
        found = f"{words} words" if words > 1 else "one word"
        return Item(part=Part.DESCRIPTION, state=PartState.OK, found=found)
    return _missing(Part.DESCRIPTION, "none", "describe the version in the registry")


def _model_card(card: CheckOutcome) -> Item:
    states = {OutcomeKind.PASSED: PartState.OK, OutcomeKind.ERRORED: PartState.UNREADABLE}
    return Item(
        part=Part.MODEL_CARD,
        state=states.get(card.kind, PartState.MISSING),
        found=card.message,
        remedy=card.remedy,
    )


def _requirements(evidence: VersionEvidence) -> Item:
    why = evidence.why_unreadable("contents")
    if why is not None:
        return _unreadable(Part.REQUIREMENTS, why)
    contents = evidence.contents
    lines = contents.packages if contents else ()
    if lines:
        return Item(part=Part.REQUIREMENTS, state=PartState.OK, found=count(len(lines), "package"))
    return _missing(Part.REQUIREMENTS, "none", "log the model with its pip requirements")


def _tests(evidence: VersionEvidence, at: datetime) -> Item:
    why = evidence.why_unreadable("tests")
    if why is not None:
        return _unreadable(Part.TESTS, why)
    signature = evidence.tests_signature
    if signature is not None and signature.problem:
        remedy = f"sign `{TEST_EVIDENCE_PATH}` with a key that Herald knows, and log it anew"
        return _missing(Part.TESTS, f"their signature {signature.problem}", remedy)
    last = _last_results(evidence, at)
    bad = [result.name for result in last if result.outcome != PASSED]
    if bad:
        return _missing(Part.TESTS, f"{', '.join(bad)} did not pass", "mend the model or the tests")
    if last:
        passed = ", ".join(result.name for result in last)
        signed = f", signed by {signature.key_id}" if signature else ""
        return Item(part=Part.TESTS, state=PartState.OK, found=f"{passed} passed{signed}")
    found = "none that counts for this run" if evidence.tests else "none"
    return _missing(Part.TESTS, found, f"log `{TEST_EVIDENCE_PATH}` from the run that tests it")


def _last_results(evidence: VersionEvidence, at: datetime) -> list[TestResult]:
    """Return the result that decides of each suite that has one, by name."""
    results, run = evidence.tests or (), evidence.version.run_id
    suites = sorted({result.name for result in results})
    found = (deciding((r for r in results if r.name == suite), run, at) for suite in suites)
    return [result for result in found if result is not None]


def _approvals(approvals: tuple[Approval, ...], waiting: str) -> Item:
    if approvals:
        requests = ", ".join(dict.fromkeys(each.request for each in approvals))
        people = len({each.by for each in approvals} - {BY_POLICY})
        agreed = f"{people} {'person' if people == 1 else 'people'} agreed"
        found = f"{agreed if people else 'policies asked for nobody to agree'}, in {requests}"
        return Item(part=Part.APPROVALS, state=PartState.OK, found=found)
    if waiting:
        found = f"{waiting} waits for approval"
        return _missing(Part.APPROVALS, found, f"`/model request {waiting}` shows who may approve")
    return _missing(Part.APPROVALS, "nobody has approved it", "ask for its promotion")


def _folder(evidence: VersionEvidence, part: Part, folder: str, example: str) -> Item:
    why = evidence.why_unreadable(file_part(folder))
    if why is not None:
        return _unreadable(part, why)
    if evidence.artifacts.get(folder):
        return Item(part=part, state=PartState.OK, found=f"there are files in {folder}")
    return _missing(part, f"nothing in {folder}", f"log it, for example as `{example}`")


def _missing(part: Part, found: str, remedy: str) -> Item:
    return Item(part=part, state=PartState.MISSING, found=found, remedy=remedy)


def _unreadable(part: Part, why: str) -> Item:
    remedy = "ask again once it can be read"
    return Item(part=part, state=PartState.UNREADABLE, found=why, remedy=remedy)


def approvals_of(decided: Iterable[tuple[str, SlackUserId]]) -> Iterator[Approval]:
    """Yield each person once per request, in the order given."""
    for request, person in dict.fromkeys(decided):
        yield Approval(by=person, request=request)
