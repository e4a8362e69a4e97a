"""The forms of the shortcuts and the home tab: what they offer and say."""

import json

import pytest

from bot.domain.picking import OPTION_VALUE
from tests.unit.views.form_samples import FORMS, HOMES


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_can_be_sent_and_left(name: str) -> None:
    view = FORMS[name]
    assert view["submit"]["text"] in {"Ask", "Compare"}
    assert view["close"]["text"] == "Not now"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_at_most_one_field_has_the_focus(name: str) -> None:
    inputs = [b["element"] for b in FORMS[name]["blocks"] if b["type"] == "input"]
    assert sum(element.get("focus_on_load", False) for element in inputs) <= 1


def test_options_stay_within_slacks_limits() -> None:
    for view in FORMS.values():
        elements = [b["element"] for b in view["blocks"] if b["type"] == "input"]
        for option in [o for element in elements for o in element.get("options", [])]:
            assert len(option["text"]["text"]) <= 75
            assert len(option["value"]) <= OPTION_VALUE
            assert len(option.get("description", {"text": ""})["text"]) <= 75


def test_an_empty_form_says_what_comes_next() -> None:
    assert "Its versions appear once a model is chosen." in json.dumps(FORMS["promote_empty"])


def test_a_first_version_has_nothing_to_be_compared_with_by_default() -> None:
    (base,) = [b for b in FORMS["compare_first"]["blocks"] if b.get("block_id", "")[:4] == "base"]
    assert "initial_option" not in base["element"]


@pytest.mark.parametrize("name", sorted(HOMES))
def test_a_home_tab_has_at_most_a_hundred_blocks(name: str) -> None:
    assert len(HOMES[name]["blocks"]) <= 100


def test_a_busy_home_counts_what_it_does_not_show() -> None:
    home = json.dumps(HOMES["busy"], ensure_ascii=False)
    assert (
        "12 requests wait for your decision · 20 endpoints need a look · 8 freezes in force" in home
    )
    assert '"4 more"' in home
    assert '"1 more"' in home
    assert "5 more: `/model health`" in home
    assert "3 more: `/model freezes`" in home
    assert "*All models* are frozen until somebody lifts it" in home
    assert "window weekend of policy prod-baseline" in home


def test_what_people_wrote_is_escaped_on_the_home_tab() -> None:
    home = json.dumps(HOMES["one"], ensure_ascii=False)
    assert "better &lt;recall&gt; &amp; more" in home
    assert "&lt;p95&gt;" in home
