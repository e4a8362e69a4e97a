"""The sentences that people read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import RequestState
from bot.domain.commands import Help
from bot.domain.messages import CheckReport, ModelList, ModelSheet
from bot.domain.names import CardKey, EndpointName, PersonKey, RequestId, RoleName, SlackUserId
from bot.domain.people import Doubt
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import RegisteredModel
from bot.domain.serving import EndpointUpdate
from bot.domain.terms import AgreementTerms, ReasonFrom
from bot.views.outcomes import rows
from bot.views.render import Answer, render
from tests.builders import (
    LEAD,
    MODEL,
    NOW,
    make_decision,
    make_endpoint,
    make_endpoint_change,
    make_evidence,
    make_model,
    make_outcome,
    make_plan,
    make_request,
    make_requirement,
    make_route,
    make_verdict,
    make_version,
)
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import actions_of, words_of
from tests.unit.views.samples import (
    ALLOWED,
    ANSWERS,
    BEGAN,
    BOTH,
    BROKEN,
    CARDS,
    COMMANDS,
    DENIED,
    FAITHFULNESS,
    LOAD_TEST,
    PASSED,
    SHEET,
    SOAK,
    card,
    check,
    moved,
    rollback,
)

FIRST_LINES = {
    "card_pending": "⏳ Promote scorer v7 to champion: 1 more approval needed",
    "card_pending_nobody_yet": "⏳ Promote scorer v7 to champion: 2 more approvals needed",
    "card_pending_rollback": "⏳ Roll back scorer to v6 (champion): 1 more approval needed",
    "card_queued_lock_held": (
        "⏳ Promote scorer v7 to champion: approved, waiting: CR-1040 holds endpoint fraud-scorer"
    ),
    "card_executing": (
        "▶️ Promoting scorer v7: wait until fraud-scorer serves v7 100 % (step 4 of 9)"
    ),
    "card_paused": "⚠️ Promoting scorer v7: paused, a person has to look",
    "card_undoing": "▶️ Promoting scorer v7: taking back what was changed",
    "card_succeeded": "✅ scorer v7 is champion and serves 100 % of fraud-scorer",
    "card_succeeded_rollback": (
        "↩️ scorer is back on v6 (champion), serving 50 % of fraud-scorer and 50 % of fraud-shared"
    ),
    "card_undone": "↩️ scorer v7 was not promoted: fraud-scorer could not start it: out of memory",
    "card_undone_on_request": "↩️ scorer v7 was not promoted: undone on request",
    "card_failed": ("❌ scorer is half-way: endpoint fraud-scorer serves v7 100 %; champion is v6"),
    "card_resolved": "⚠️ scorer v7 was not promoted: closed by a person as it stands",
    "card_denied": (
        "❌ scorer v7 was not proposed: 1 check failed, 1 has no evidence, 1 could not tell"
    ),
    "card_rejected": "❌ scorer v7 was not promoted: rejected",
    "card_cancelled": "❌ scorer v7 was not promoted: withdrawn before it began",
    "card_expired": "❌ scorer v7 was not promoted: nobody agreed in time",
    "card_superseded": "❌ scorer v7 was not promoted: overtaken by CR-1043",
    "comparison": (
        "scorer v7 (challenger) against v6 (champion): "
        "1 better, 1 worse, 1 within noise, 1 not comparable"
    ),
    "sheet": "scorer: challenger v7, champion v6, archived v5 · 2 versions",
    "sheet_version": "scorer v7: challenger, not registered completely yet",
    "list": "1 model matches 'fraud'",
    "list_empty": "No model matches 'iris_clasifier'",
    "check_needs_approval": "✅ scorer v7 as champion may be asked for, and needs 2 to approve",
    "check_asked_already": "✅ scorer v7 as champion is asked for in CR-7, and needs 2 to approve",
    "check_behind_another": (
        "✅ scorer v7 as champion may be asked for once CR-7 is closed and the freeze is over, "
        "and needs 2 to approve"
    ),
    "check_allowed": "✅ scorer v7 as challenger is allowed, nobody has to approve",
    "requests": "3 change requests waiting for your decision",
    "requests_none": "No change request of yours",
    "filed": "⏳ scorer v7 → champion: CR-1042 waits for 2 approvals",
    "filed_allowed": "⏳ scorer v7 → champion: CR-9 begins now, nobody has to approve it",
    "refusal": "❌ No model 'iris_clasifier'. Did you mean iris_classifier?",
    "refusal_trouble": "⚠️ The registry does not answer (10 s). Nothing was changed.",
}

SAID = [
    ("card_pending_by_name", "☐ ml-leads 0/2 (@Lee or @Kim can)"),
    ("card_pending_by_name", "☐ risk 0/1 (@Rae can), because tag risk is high"),
    ("card_pending_crowd", "☐ ml-leads 0/2 (any of 14 of @S0LEADS)"),
    ("card_pending_crowd", "☐ risk 0/1 (any of 4), because tag risk is high"),
    ("card_pending", "fraud-scorer: v6 100 % → v7 100 %"),
    ("card_pending", "archived v5 → v6 · champion v6 → v7 · challenger v7 → none"),
    ("card_pending", "If it goes wrong: back to v6"),
    ("card_pending", "Evidence  6 checks passed · 1 warning: soak 31 h of 48 h"),
    ("card_pending", "soak | 31 h | 48 h | ✗ failed (warning)"),
    ("card_pending", "1 more under Details"),
    ("card_pending", "✓ risk 1/1 @U0RISK"),
    ("card_pending", "☐ ml-leads 0/1 (any of 2, not the requester)"),
    ("card_pending_nobody_yet", "☐ risk 0/1 (1 person can)"),
    ("card_pending_directory_silent", "☐ ml-leads 0/1 (who has this role cannot be read now)"),
    ("card_pending_first_release", "If it goes wrong: no way back, nothing was champion before"),
    ("card_pending_first_release", "no endpoint changes: only aliases move"),
    ("card_pending_first_release", "this is the first release, so people decide"),
    ("card_pending_skew", "Out of step now: fraud-scorer serves v5, champion is v6"),
    ("card_pending_rollback", "(shared with prod.fraud.rules: unchanged)"),
    ("card_pending_rollback", "Evidence  no check applies to this change"),
    (
        "card_pending_evidence_moved",
        (
            "⚠️ Changed since it was asked. 1 approval no longer counts.\n"
            "champion is v8 now, not v6\n"
            "policy prod-baseline changed"
        ),
    ),
    ("card_executing", "3 of 9 steps done"),
    ("card_executing", "[complete] read what stands · 3 min 12 s"),
    ("card_executing", "[pending] take challenger off v7"),
    (
        "card_paused",
        "Let it go on, undo it, or close it as it stands: /model resolve CR-1042 because …",
    ),
    ("card_undoing", "@U0MLLEAD asked for it"),
    ("card_undoing", "[pending] move champion back to v6"),
    ("card_succeeded", "Approved by @U0RISK, @U0MLLEAD"),
    (
        "card_succeeded_with_reasons",
        (
            "Approved by @U0RISK, @U0MLLEAD\n"
            "@U0RISK: checked with the <\u2060!channel> of *risk*: no objection\n"
            "@U0MLLEAD: recall is up by 4 points"
        ),
    ),
    (
        "card_pending_with_reason",
        "@U0RISK: checked with the <\u2060!channel> of *risk*: no objection",
    ),
    ("card_cancelled", "Withdrawn by @U0REQUESTER"),
    ("card_succeeded", "took 1 h 9 min"),
    ("card_succeeded", "record `9f2c"),
    ("card_succeeded", "[Roll back to v6…]"),
    ("card_undone", "Champion is v6 and fraud-scorer serves v6 100 % as before."),
    ("card_undone", "To ask again: /model promote scorer 7 to champion"),
    ("card_failed", "/model resolve CR-1042 because …"),
    ("card_failed", "What stands\nendpoint fraud-scorer serves v7 100 %\nchampion is v6"),
    ("card_resolved", "Closed by @U0MLLEAD\nmoved by hand\nchampion is v7"),
    ("card_denied", "faithfulness 0.81, needs ≥ 0.85 (policy prod-baseline)"),
    ("card_denied", "load test missing (policy prod-baseline): run /model loadtest fraud-scorer"),
    ("card_rejected", "Rejected by @U0MLLEAD\np95 is worse\n"),
    ("comparison", "recall ↑ | 0.871 | 0.912 | +4.7 % better | ≥ 0.85 ✓"),
    ("comparison", "latency_p95_ms ↓ | 48 ms | 61 ms | +27 % worse | ≤ 100 ms ✓"),
    ("comparison", "auc ↑ | 0.941 | 0.94 | within noise | within noise"),
    ("comparison", "| 0.03 | no data | – | ≤ 0.2 ✗ no data"),
    ("comparison", "max_depth 6 → 8, learning_rate 0.1 → 0.05 · 14 the same"),
    ("comparison", "Signature  unchanged"),
    ("comparison", "Tags  reviewer ada added"),
    ("comparison", "evaluated on the same holdout (digest 9f2c41aa)"),
    ("comparison", "commit `1a2b3c4d` · run `run-7`"),
    ("comparison", "[Promote v7…] | [Check policies] | [Share in channel]"),
    ("comparison_shared_bare", "shared by <@U0REQUESTER>"),
    ("comparison_shared_bare", "Not read  the run of v6: permission denied"),
    ("sheet", "A rollback leads to v5: /model rollback scorer"),
    ("sheet_version", "fraud-scorer serves v6 100 %, its latest update failed: out of memory"),
    ("sheet_bare", "The serving platform does not answer: nobody knows what is served now"),
    ("sheet_bare", "No way back: nothing was champion before"),
    ("check_needs_approval", "Needs approval: 1 of risk and 1 of ml-leads (policy prod-baseline)"),
    ("requests", "CR-1043 | scorer back to v6 → champion | waits for approval"),
    ("requests", "1 older not shown"),
    ("details_failed", "tell fraud-scorer to serve v7 100 %: out of memory"),
    ("details_pending", "@U0RISK approved revision 1"),
    ("filed_denied", "Everything that was checked: /model request CR-1042"),
    ("who_am_i", "May do  promote and read"),
    ("access_person", "Roles  ml-leads (Slack group ml-leads)"),
    ("access_person", "Perhaps risk  nobody can say now: Databricks' groups: no answer"),
    ("access_person", "Can approve as  ml-leads (asked by prod-baseline and rollback)"),
    ("access_role", "Slack groups: ml-leads; Databricks groups: ML Leads"),
    ("access_role", "People  @U0MLLEAD, @U0MLLEAD2 and 3 more"),
    ("access_role_unread", "People  they cannot be read now: no answer"),
    ("access_role_empty", "People  nobody"),
    ("access_members", "Given by  being a full member"),
    ("who_am_i_guest", "May do  nothing: guest accounts cannot do this"),
    ("refusal", "Example: /model compare iris_classifier"),
    ("help", "/model compare NAME [A] [B]  Two versions side by side"),
    ("help_compare", "Example: /model compare scorer 6 7"),
]


@pytest.mark.parametrize("name", sorted(FIRST_LINES))
def test_the_first_line_is_the_fact(name: str) -> None:
    assert words_of(render(ANSWERS[name])).splitlines()[0] == FIRST_LINES[name]


@pytest.mark.parametrize(("name", "sentence"), SAID)
def test_the_message_says(name: str, sentence: str) -> None:
    assert sentence in words_of(render(ANSWERS[name]))


BUTTONS = {
    "pending": ["request.approve", "request.reject", "request.overflow"],
    "approved": ["request.details", "request.cancel"],
    "queued_lock_held": ["request.details", "request.cancel"],
    "executing": ["request.undo", "request.details"],
    "waiting": ["request.undo", "request.details"],
    "paused": ["request.resume", "request.undo", "request.details"],
    "undoing": ["request.details"],
    "succeeded": ["request.roll_back", "request.details"],
    "succeeded_rollback": ["request.details"],
    "undone": ["request.details"],
    "failed": ["request.details"],
    "denied": ["request.details"],
    "rejected": ["request.details"],
    "cancelled": ["request.details"],
    "expired": ["request.details"],
    "superseded": ["request.details"],
}


@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_a_card_has_the_buttons_that_apply(name: str) -> None:
    assert actions_of(render(CARDS[name])) == BUTTONS[name]


def test_a_first_release_offers_no_way_back_when_it_is_done() -> None:
    first = CARDS["pending_first_release"]
    done = replace(first, request=replace(first.request, state=RequestState.SUCCEEDED))
    assert actions_of(render(done)) == ["request.details"]


def test_a_champion_offers_a_rollback_though_no_other_alias_moved() -> None:
    done = CARDS["succeeded"]
    plan = done.request.evidence.plan
    evidence = replace(done.request.evidence, plan=replace(plan, aliases=plan.aliases[:1]))
    alone = replace(done, request=replace(done.request, evidence=evidence))
    assert "request.roll_back" in actions_of(render(alone))
    assert actions_of(render(replace(done, is_of_champion=False))) == ["request.details"]


def test_a_model_without_a_way_back_says_before_what() -> None:
    sheet = ModelSheet(model=RegisteredModel(name=MODEL), versions=(), champion=1)
    assert "No way back: nothing was champion before v1" in words_of(render(sheet))


def test_the_overflow_menu_finds_its_card_by_the_block() -> None:
    [row] = [b for b in render(CARDS["pending"]).blocks if b["type"] == "actions"]
    assert row["block_id"] == CARDS["pending"].key
    values = [option["value"] for option in row["elements"][2]["options"]]
    assert values == ["details", "compare", "cancel"]


def test_a_rollback_asks_first_and_names_what_it_moves() -> None:
    [row] = [b for b in render(CARDS["succeeded"]).blocks if b["type"] == "actions"]
    question = row["elements"][0]["confirm"]["text"]["text"]
    assert "Roll back champion to v6 and fraud-scorer to v6?" in question


@pytest.mark.parametrize("name", [n for n in sorted(ANSWERS) if n.startswith("card_")])
def test_a_card_is_notified_with_fact_and_number(name: str) -> None:
    answer, request = ANSWERS[name], CARDS[name.removeprefix("card_")].request
    text, moved = render(answer).text, request.evidence.differences
    lines = words_of(render(answer)).splitlines()
    fact = next(each for each in lines if not each.startswith("⚠️ Changed") and each not in moved)
    assert text.startswith(fact.split(" <")[0])
    assert request.label in text


@pytest.mark.parametrize(
    "name", ["succeeded", "undone", "denied", "rejected", "cancelled", "expired", "superseded"]
)
def test_a_finished_card_shrinks(name: str) -> None:
    assert len(render(CARDS[name]).blocks) <= 4
    assert "What will change" not in words_of(render(CARDS[name]))


def test_only_the_approvals_of_the_revision_before_are_said_to_be_void() -> None:
    [lost] = moved().void
    again = replace(moved(), void=(lost, replace(lost, evidence_revision=0)))
    assert "1 approval no longer counts." in words_of(render(again))


def test_many_differences_are_told_in_part() -> None:
    shown = moved()
    evidence = replace(
        shown.request.evidence, differences=tuple(f"tag {n} moved" for n in range(9))
    )
    many = replace(shown, request=replace(shown.request, evidence=evidence))
    assert "tag 4 moved\n4 more under Details" in words_of(render(many))


@pytest.mark.parametrize(
    ("line", "shown"), [("tag a: 1 → 2", "tag a: 1 → 2"), ("x" * 400, f"{'x' * 299}…")]
)
def test_a_single_difference_is_told_in_one_line(line: str, shown: str) -> None:
    evidence = replace(moved().request.evidence, differences=(line,))
    one = replace(moved(), request=replace(moved().request, evidence=evidence))
    said = f"⚠️ Changed since it was asked: {shown}. 1 approval no longer counts."
    assert said in words_of(render(one))


def test_a_card_whose_key_is_lost_has_no_buttons() -> None:
    assert actions_of(render(replace(CARDS["pending"], key=CardKey("")))) == []


def test_a_model_on_many_endpoints_is_told_in_part() -> None:
    many = tuple(
        make_endpoint_change(endpoint=EndpointName(f"scorer-{n}"), before=(make_route(6),))
        for n in range(30)
    )
    evidence = make_evidence(plan=make_plan(endpoints=many))
    asked = words_of(render(card(request=make_request(1, evidence=evidence))))
    done = render(card(request=make_request(1, RequestState.SUCCEEDED, evidence=evidence)))
    assert "and 10 more endpoints likewise" in asked
    assert "serves 100 % of scorer-0, 100 % of scorer-1" in done.text
    assert "and 26 more" in done.text
    assert problems_of(done) == []


def test_dozens_of_failed_checks_are_told_in_part() -> None:
    failed = tuple(replace(FAITHFULNESS, check=f"c{n}", message="long " * 200) for n in range(40))
    shown = replace(DENIED, outcomes=failed)
    message = render(card(RequestState.DENIED, verdict=shown))
    assert "and 25 more under Details" in words_of(message)
    assert "40 checks failed" in message.text


@pytest.mark.parametrize(
    ("outcomes", "why"),
    [
        ((LOAD_TEST, LOAD_TEST), "2 checks have no evidence"),
        ((BROKEN,), "1 check could not tell"),
        ((), "no policy covers this change"),
    ],
)
def test_a_denial_says_why_in_its_first_line(outcomes: tuple[CheckOutcome, ...], why: str) -> None:
    reasons = () if outcomes else ("no policy covers this change",)
    shown = replace(DENIED, outcomes=outcomes, reasons=reasons)
    assert f"was not proposed: {why}" in render(card(RequestState.DENIED, verdict=shown)).text


def test_what_was_deleted_is_not_said_to_be_denied_for_what_people_were_asked() -> None:
    asked = replace(BOTH, reasons=("this is the first release, so people decide",))
    gone = "scorer is not in the registry any more. To go on, ask anew for one that is"
    message = render(card(RequestState.DENIED, verdict=asked, changes={"note": gone}))
    assert message.text == f"❌ scorer v7 was not promoted: {gone} · CR-1042."
    assert "first release" not in words_of(message)
    assert "policy" not in words_of(message)


def test_a_denial_of_what_waited_says_what_moved() -> None:
    note = "the evidence moved: check prod-baseline/faithfulness: passed (0.9) → failed (0.81)"
    said = words_of(render(card(RequestState.DENIED, verdict=DENIED, changes={"note": note})))
    assert note in said


def test_many_warnings_are_told_in_part() -> None:
    shown = replace(BOTH, outcomes=(SOAK,) * 5)
    assert "5 warnings: soak 31 h of 48 h; " in words_of(render(card(verdict=shown)))
    assert "and 2 more" in words_of(render(card(verdict=shown)))


def test_exemptions_are_counted_apart_from_warnings() -> None:
    because = "until 1 Dec (INC-4411); asked for by U0DEVELOPER, approved by U0MLLEAD"
    exempt = check("soak", OutcomeKind.EXEMPT, message="31 h of 48 h", exempt_because=because)
    shown = replace(BOTH, outcomes=(*PASSED, SOAK, exempt))
    said = words_of(render(card(verdict=shown)))
    assert "1 warning: soak 31 h of 48 h · 1 exempt: soak" in said
    assert said.count("until 1 Dec (INC-4411)") == 1
    assert "soak is exempt until 1 Dec (INC-4411); asked for by " in said
    assert ". Found: 31 h of 48 h" in said


def test_a_rollback_that_ended_otherwise_says_what_was_not_done() -> None:
    assert "scorer was not rolled back to v6: nobody agreed in time" in words_of(
        render(rollback(RequestState.EXPIRED))
    )
    assert "/model rollback scorer to 6" in words_of(render(rollback(RequestState.EXPIRED)))


def test_a_rollback_under_way_says_where_it_leads() -> None:
    assert "▶️ Rolling back scorer to v6: under way" in render(rollback(RequestState.EXECUTING)).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"update": EndpointUpdate.IN_PROGRESS}, "serves v6 100 %, an update is in progress"),
        ({"update": EndpointUpdate.CANCELED}, "its latest update was cancelled"),
        ({"is_ready": False}, "serves v6 100 %, not ready"),
    ],
)
def test_an_endpoints_state_is_told_in_words(fields: dict[str, Any], said: str) -> None:
    sheet = replace(SHEET, endpoints=(make_endpoint(**fields),))
    assert said in words_of(render(sheet))


def test_a_model_that_nothing_serves_says_so() -> None:
    assert "No endpoint serves it" in words_of(render(replace(SHEET, endpoints=())))


def test_older_versions_are_counted() -> None:
    sheet = replace(SHEET, versions=tuple(make_version(n) for n in range(30, 0, -1)))
    assert "20 older versions not shown" in words_of(render(sheet))


def test_a_version_of_which_little_is_known_is_shown_all_the_same() -> None:
    bare = make_version(9, description="", run_id=None, created_at=None, created_by="", metrics=())
    said = words_of(render(replace(SHEET, selected=replace(bare, tags={}))))
    assert "No description" in said
    assert "Metrics  no data" in said


def test_many_models_are_told_in_part() -> None:
    models = tuple(make_model(description="d", aliases={}) for _ in range(40))
    said = words_of(render(ModelList(words=(), models=models, total=40)))
    assert said.startswith("40 models\n")
    assert "15 more: narrow it with /model list WORDS" in said


def test_a_model_without_aliases_and_description_is_its_name() -> None:
    bare = make_model(aliases={})
    said = words_of(render(ModelList(words=("scorer",), models=(bare,), total=1)))
    assert said.splitlines()[1] == "scorer prod.fraud.scorer"


def test_an_empty_registry_says_so() -> None:
    said = words_of(render(ModelList(words=(), models=(), total=0)))
    assert said.startswith("The registry holds no model")


def test_a_check_without_a_key_offers_nothing() -> None:
    report = ANSWERS["check_allowed"]
    assert isinstance(report, CheckReport)
    assert actions_of(render(replace(report, key=None))) == []


def test_help_without_details_is_short() -> None:
    said = words_of(render(Help(slash="/model", commands=COMMANDS, selected=COMMANDS[1])))
    assert said == "/model whoami\nWhat you may do.\nExample: /model whoami"


def test_a_card_that_policy_allows_asks_nobody() -> None:
    assert "Agreement\nnobody has to approve" in words_of(render(card(verdict=ALLOWED)))


def test_a_request_to_which_too_few_agreed_says_so_and_how_to_ask_again() -> None:
    terms = AgreementTerms(reasons=frozenset({ReasonFrom.REQUESTER}))
    verdict = make_verdict(requirements=(make_requirement(count=2),), terms=terms)
    said = words_of(render(card(RequestState.EXPIRED, make_decision(LEAD), verdict=verdict)))
    assert "scorer v7 was not promoted: too few agreed in time" in said
    assert "/model promote scorer 7 to champion because …" in said


def test_a_change_that_was_made_keeps_what_was_exempt_and_what_warned() -> None:
    why = "until 18:00 (INC-7)"
    exempt = replace(LOAD_TEST, kind=OutcomeKind.EXEMPT, exempt_because=why)
    verdict = replace(ALLOWED, outcomes=(*PASSED, SOAK, exempt))
    said = words_of(render(card(RequestState.SUCCEEDED, verdict=verdict)))
    assert "It had 1 warning: soak" in said
    assert "load-test is exempt until 18:00 (INC-7). Found: load test missing" in said


def test_who_took_an_approval_back_by_another_account_did_not_approve() -> None:
    ann, key = SlackUserId("U0ANN"), PersonKey("ann@acme.example")
    approved = make_decision(ann, person_key=key, decided_at=NOW)
    later = NOW + timedelta(minutes=1)
    second = make_decision(
        SlackUserId("U0ANN2"), DecisionKind.REJECT, person_key=key, decided_at=later
    )
    lead = make_decision(LEAD, decided_at=later)
    said = words_of(
        render(card(RequestState.SUCCEEDED, approved, second, lead, verdict=make_verdict()))
    )
    assert f"Approved by @{LEAD}" in said.splitlines()


def test_a_role_without_other_people_is_named_as_such() -> None:
    lonely = card(eligible={"ml-leads": ("U0REQUESTER",), "risk": ()})
    assert "☐ ml-leads 0/1 (nobody else has this role)" in words_of(render(lonely))
    lost = replace(lonely, doubts={RoleName("ml-leads"): frozenset({Doubt.GONE})})
    gone = "nobody else has this role; a group that gives it does not exist"
    assert f"☐ ml-leads 0/1 ({gone})" in words_of(render(lost))


def test_a_request_that_just_began_says_so() -> None:
    assert (
        "Promoting scorer v7: under way" in render(card(RequestState.EXECUTING, changes=BEGAN)).text
    )


def test_a_change_without_approvals_says_why() -> None:
    answer: Answer = replace(
        CARDS["succeeded"],
        decisions=(),
        agreement=replace(CARDS["succeeded"].agreement, parts=()),
    )
    assert "Approved by policy prod-baseline: no person had to agree" in words_of(render(answer))


def test_a_table_which_takes_plain_text_has_no_marks_of_code() -> None:
    marked = make_outcome(observed="owner: `ann`", expected="owner: `.+`")
    assert list(rows([marked])) == [("auc", "owner: ann", "owner: .+", "✓ passed")]


def test_a_change_that_was_replaced_is_told_as_past_and_offers_no_way_back() -> None:
    was = replace(CARDS["succeeded"], replaced_by=RequestId(77))
    message = render(was)
    assert message.text.startswith("✅ scorer v7 was champion until CR-77")
    assert "request.roll_back" not in str(message.blocks)
    back = replace(CARDS["succeeded_rollback"], replaced_by=RequestId(78))
    assert " (champion) until CR-78" in render(back).text
