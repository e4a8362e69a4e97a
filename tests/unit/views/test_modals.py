"""The modals: what they ask, carry and say."""

from dataclasses import replace

from bot.domain.messages import RequestDetails
from bot.domain.model_card import CardField, CardForm
from bot.domain.names import AliasName, ModelName
from bot.views.details_modal import details_modal
from bot.views.modals import failed_modal, loading_modal, promote_modal, reject_modal
from bot.views.model_card_modal import model_card_modal
from tests.builders import make_evidence
from tests.unit.views.reading import words_of_view
from tests.unit.views.samples import CARDS, JOURNAL, KEY, check


def test_a_rejection_needs_a_reason() -> None:
    view = reject_modal(KEY, "CR-1042")
    [asked] = [block for block in view["blocks"] if block["type"] == "input"]
    assert not asked.get("optional", False)
    assert asked["element"]["max_length"] == 3000
    assert view["private_metadata"] == KEY
    assert view["callback_id"] == "request.reject"


def test_a_promotion_may_go_without_a_reason() -> None:
    view = promote_modal(KEY, ModelName("prod.fraud.scorer"), 7, AliasName("champion"))
    [asked] = [block for block in view["blocks"] if block["type"] == "input"]
    assert asked["optional"]
    assert "*scorer* v7 as champion" in words_of_view(view)


def test_the_modal_that_waits_has_nothing_to_send() -> None:
    assert "submit" not in loading_modal("CR-1042")


def test_the_modal_that_could_not_be_filled_says_why() -> None:
    said = words_of_view(failed_modal("CR-1042", "The registry <does> not answer"))
    assert said == "The registry &lt;does&gt; not answer"


def test_the_details_hold_the_whole_evidence() -> None:
    said = words_of_view(details_modal(RequestDetails(card=CARDS["pending"], journal=JOURNAL)))
    for part in (
        "better recall",
        "Asked for: v7",
        "metrics  auc 0.907",
        "parameters  depth 6",
        "tags  team fraud",
        "Now: v6",
        "✓ risk 1/1 @U0RISK",
        "@U0RISK approved revision 1",
        "confirm that the evidence is as agreed (2 s)",
        "a step of a later Herald",
        CARDS["pending"].request.evidence.content_hash,
    ):
        assert part in said


def test_recorded_parts_are_told_one_by_one() -> None:
    content = {
        "candidate": {
            "version": 7,
            "description": "",
            "run": None,
            "metrics": ['{"key":"auc","value":0.9}', '{"key":"bad","value":"nan"}'],
            "parameters": {f"p{n}": "1" for n in range(50)},
            "tags": {},
            "datasets": ['{"name":"holdout","digest":"9f2c"}'],
            "tests": [{"name": "unit", "outcome": "passed"}],
            "contents": {"inputs": "[]", "outputs": None, "requirements": ["numpy"]},
            "unreadable": ["run"],
        },
        "current": None,
        "policies": {},
    }
    card = CARDS["pending"]
    card = replace(card, request=replace(card.request, evidence=make_evidence(content=content)))
    said = words_of_view(details_modal(RequestDetails(card=card)))
    for part in (
        "description  no data",
        "auc 0.9, bad nan",
        "and 10 more",
        "tags  no data",
        "data  holdout (9f2c)",
        "tests  unit passed",
        "files  signature, 1 requirement",
        "could not be read  run",
        "Policies\nnone",
    ):
        assert part in said


def test_a_hundred_checks_fit_into_the_details() -> None:
    card = CARDS["pending"]
    verdict = replace(
        card.request.evidence.verdict, outcomes=tuple(check(f"c{n}") for n in range(100))
    )
    card = replace(card, request=replace(card.request, evidence=make_evidence(verdict=verdict)))
    assert len(details_modal(RequestDetails(card=card))["blocks"]) <= 100


def test_a_model_card_is_filled_with_what_it_says() -> None:
    form = CardForm(
        key=KEY,
        model=ModelName("prod.fraud.scorer"),
        version=7,
        said={CardField.PURPOSE: "x" * 4000},
    )
    view = model_card_modal(form)
    purpose, *others = [block for block in view["blocks"] if block["type"] == "input"]
    assert len(purpose["element"]["initial_value"]) == 3000
    assert all("initial_value" not in block["element"] for block in others)
    assert "documentation/model_card.yaml" in words_of_view(view)


def test_a_model_card_form_says_how_much_the_policy_asks_for() -> None:
    form = CardForm(
        key=KEY,
        model=ModelName("prod.fraud.scorer"),
        version=7,
        said={CardField.LIMITATIONS: "none"},
        least={
            CardField.PURPOSE: 9000,
            CardField.LIMITATIONS: 10,
            CardField.AUTHORS: 2,
            CardField.INPUT_SCHEMA: 1,
        },
    )
    inputs = [block for block in model_card_modal(form)["blocks"] if block["type"] == "input"]
    asked = {block["block_id"]: block["element"].get("min_length") for block in inputs}
    assert asked == {**dict.fromkeys(CardField), CardField.PURPOSE: 3000, CardField.AUTHORS: 2}
    by_name = {block["block_id"]: block for block in inputs}
    assert by_name[CardField.LIMITATIONS]["hint"]["text"] == (
        "Where it must not be used. The policy asks for 10 characters or more"
    )
    assert by_name[CardField.AUTHORS]["hint"]["text"] == (
        "The policy asks for 2 characters or more"
    )
    assert not by_name[CardField.AUTHORS].get("optional")
    assert by_name[CardField.USE_CASES]["optional"]
    assert "hint" not in by_name[CardField.USE_CASES]
