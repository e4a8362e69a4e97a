"""What auditors ask of a version is reported part by part, and kept with its run."""

import json
from dataclasses import replace

import pytest

from bot.domain.agreement import DecisionKind
from bot.domain.automatic import BY_POLICY
from bot.domain.compliance import REPORT_PATH, Approval, ComplianceReport, Item, Part, PartState
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS
from bot.domain.names import AliasName, ModelName
from bot.domain.policy import ApprovalRequirement
from bot.domain.refusal import Refusal
from bot.domain.registry import ModelContents, RegisteredModel
from bot.persistence.audit_log import SqlAuditLog
from bot.services import compliance
from bot.services.opened_card import Click
from tests.fakes.world import (
    CHALLENGER,
    CHAMPION,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    VIEWER,
    Herald,
    policy_set,
)
from tests.unit.services.asking import ask, click, promoted, roll_back
from tests.unit.services.kept_files import disk_full, failing_writes, recorded

CARD = "".join(f"{field}: It says enough\n" for field in REQUIRED_FIELDS).encode()


async def report(bot: Herald, selector: int | AliasName | None = None) -> ComplianceReport:
    made = await bot.core.services.compliance.report("scorer", selector, VIEWER)
    assert isinstance(made, ComplianceReport), made
    return made


def states(made: ComplianceReport) -> dict[Part, PartState]:
    return {item.part: item.state for item in made.items}


def run_of(bot: Herald, version: int) -> str:
    run = bot.registry.numbered[MODEL, version].run_id
    assert run is not None
    return run


def complete(bot: Herald, version: int = 7) -> None:
    """Give a version all that is asked for, except for approvals."""
    known = bot.registry.numbered[MODEL, version]
    bot.registry.numbered[MODEL, version] = replace(known, description="Better recall")
    bot.registry.contents_of[MODEL, version] = ModelContents(requirements=("scikit-learn==1.7",))
    run = run_of(bot, version)
    results = [
        {"name": name, "outcome": "passed", "finished_at": "2026-11-20T10:00:00Z", "run_id": run}
        for name in ("unit", "load")
    ]
    bot.registry.files[run, "validation/tests.json"] = json.dumps({"tests": results}).encode()
    bot.registry.files[run, MODEL_CARD_PATH] = CARD


async def test_everything_in_order_is_said_and_kept(bot: Herald) -> None:
    complete(bot)
    request = await promoted(bot)
    made = await report(bot)
    assert (made.version, made.is_complete) == (7, True), made.items
    assert [(each.by, each.request) for each in made.approvals] == [(LEAD, request.label)]
    kept = json.loads(bot.registry.files[run_of(bot, 7), REPORT_PATH])
    assert kept["complete"] is True
    assert kept["parts"]["tests"] == {"state": "ok", "found": "load, unit passed", "remedy": ""}
    assert kept["approvals"] == [{"by": LEAD, "request": request.label}]


async def test_every_gap_is_named_with_what_to_do(bot: Herald) -> None:
    run = run_of(bot, 8)
    for path in [path for owner, path in bot.registry.files if owner == run]:
        del bot.registry.files[run, path]
    bot.registry.numbered[MODEL, 8] = replace(bot.registry.numbered[MODEL, 8], description=" ")
    bot.registry.contents_of[MODEL, 8] = ModelContents()
    made = await report(bot, 8)
    assert set(states(made).values()) == {PartState.MISSING}
    assert all(item.remedy for item in made.items)


async def test_a_test_that_did_not_pass_is_no_test(bot: Herald) -> None:
    complete(bot)
    tests = await tests_after(bot, ("failed", "2026-11-20T10:00:00Z", run_of(bot, 7)))
    assert (tests.state, tests.found) == (PartState.MISSING, "load did not pass")


async def tests_after(bot: Herald, *results: tuple[str, str, str]) -> Item:
    """Return what a report says of tests with these outcomes, times and runs."""
    written = [
        {"name": "load", "outcome": outcome, "finished_at": at, "run_id": run}
        for outcome, at, run in results
    ]
    files = bot.registry.files
    files[run_of(bot, 7), "validation/tests.json"] = json.dumps({"tests": written}).encode()
    (tests,) = [item for item in (await report(bot, 7)).items if item.part is Part.TESTS]
    return tests


async def test_the_last_result_of_a_suite_decides(bot: Herald) -> None:
    complete(bot)
    run = run_of(bot, 7)
    tests = await tests_after(
        bot, ("failed", "2026-01-20T10:00:00Z", run), ("passed", "2026-01-21T10:00:00Z", run)
    )
    assert (tests.state, tests.found) == (PartState.OK, "load passed")


@pytest.mark.parametrize(("at", "run"), [("2026-01-20T10:00:00Z", "other"), ("2999-01-01", "")])
async def test_results_of_another_run_or_time_are_none(bot: Herald, at: str, run: str) -> None:
    complete(bot)
    moment = at if "T" in at else f"{at}T00:00:00Z"
    tests = await tests_after(bot, ("passed", moment, run or run_of(bot, 7)))
    assert (tests.state, tests.found) == (PartState.MISSING, "none that counts for this run")


async def test_what_policies_asked_nobody_about_is_approved_by_them(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=())
    complete(bot)
    await ask(bot)
    made = await report(bot, 7)
    assert made.approvals == (Approval(by=BY_POLICY, request="CR-1"),)
    (item,) = [each for each in made.items if each.part is Part.APPROVALS]
    assert item.found == "policies asked for nobody to agree, in CR-1"


async def test_what_was_rejected_in_the_end_approves_nothing(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(ApprovalRequirement(role=LEADS, count=2),))
    complete(bot)
    request = await ask(bot)
    await click(bot, request, LEAD)
    pressed = Click(key=await bot.key(request.id), user=LEAD2, reason="no")
    await bot.core.services.decide.decide(pressed, DecisionKind.REJECT)
    assert (await report(bot, 7)).approvals == ()


async def test_what_cannot_be_read_is_not_called_missing(bot: Herald) -> None:
    async def refuse(call: str, _: str) -> None:
        if call in {"contents", "run_artifact", "run_folder"}:
            raise BackEndRefusedError("The registry", "access denied")

    bot.registry.before = refuse
    found = states(await report(bot, 7))
    unreadable = {part for part, state in found.items() if state is PartState.UNREADABLE}
    assert unreadable == {
        Part.MODEL_CARD,
        Part.REQUIREMENTS,
        Part.TESTS,
        Part.DOCUMENTATION,
        Part.VALIDATION,
    }


async def test_a_report_that_cannot_be_kept_is_shown_and_says_so(bot: Herald) -> None:
    bot.registry.before = failing_writes(BackEndRefusedError("The registry", "access denied"))
    made = await report(bot, 7)
    assert (made.written_to, made.unwritten) == ("", "The registry: access denied")
    assert await recorded(bot) == ["compliance.asked", "compliance.refused"]


async def test_a_report_is_kept_only_with_its_event(
    bot: Herald, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(bot, 7)
    assert await recorded(bot) == ["compliance.asked", "compliance.written"]
    del bot.registry.files[run_of(bot, 7), REPORT_PATH]
    monkeypatch.setattr(SqlAuditLog, "append", disk_full)
    with pytest.raises(BackEndUnavailableError):
        await report(bot, 7)
    assert (run_of(bot, 7), REPORT_PATH) not in bot.registry.files


async def test_a_report_of_which_nobody_knows_whether_it_was_kept_is_on_record_as_such(
    bot: Herald,
) -> None:
    silent = BackEndUnavailableError("The registry", "no answer in time")
    bot.registry.before = failing_writes(silent)
    assert (await report(bot, 7)).unwritten == "The registry: no answer in time"
    assert await recorded(bot) == ["compliance.asked", "compliance.unproven"]


async def test_an_approval_is_found_however_many_changes_came_after_it(
    bot: Herald, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compliance, "OF_A_VERSION", 1)
    request = await promoted(bot)
    await roll_back(bot, user=LEAD)
    await bot.execute()
    assert [each.request for each in (await report(bot, 7)).approvals] == [request.label]


async def test_a_version_without_a_run_has_no_place_for_it(bot: Herald) -> None:
    bot.registry.numbered[MODEL, 7] = replace(bot.registry.numbered[MODEL, 7], run_id=None)
    assert (await report(bot, 7)).unwritten == "the version names no run"


async def test_without_words_it_is_about_the_champion_then_the_newest(bot: Herald) -> None:
    assert (await report(bot)).version == 6
    assert (await report(bot, CHALLENGER)).version == 7
    bot.registry.move(MODEL, CHAMPION, None)
    assert (await report(bot)).version == 8


@pytest.mark.parametrize(
    ("model", "what"), [("nothing", "No model 'nothing'"), ("empty", "empty has no version yet")]
)
async def test_what_is_not_there_is_told(bot: Herald, model: str, what: str) -> None:
    name = ModelName("prod.fraud.empty")
    bot.registry.known[name] = RegisteredModel(name=name)
    answer = await bot.core.services.compliance.report(model, None, VIEWER)
    assert isinstance(answer, Refusal)
    assert what in answer.what


async def test_a_guest_is_told_nothing(bot: Herald) -> None:
    answer = await bot.core.services.compliance.report("scorer", None, GUEST)
    assert isinstance(answer, Refusal)


async def test_a_request_that_waits_is_named(bot: Herald) -> None:
    request = await ask(bot)
    (shown,) = [each for each in (await report(bot, 7)).items if each.part is Part.APPROVALS]
    assert shown.found == f"{request.label} waits for approval"
    (other,) = [each for each in (await report(bot, 6)).items if each.part is Part.APPROVALS]
    assert other.found == "nobody has approved it"
