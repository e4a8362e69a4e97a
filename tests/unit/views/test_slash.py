"""Commands in texts begin with the slash command that the installation has."""

from bot.domain.refusal import Refusal
from bot.views.refusals import refusal_message
from bot.views.slash import view_with_slash, with_slash
from tests.unit.views.reading import words_of

REFUSAL = Refusal(
    what="No model 'a'",
    reasons=("somebody wrote /model here",),
    remedies=("All models: `/model list`", "One: `/model show NAME`"),
)


def test_every_command_begins_with_the_configured_one() -> None:
    shown = with_slash(refusal_message(REFUSAL), "/release")
    for words in (words_of(shown), shown.text):
        assert "/release list" in words
        assert "/release show NAME" in words
        assert "/model list" not in words


def test_what_is_no_command_stays_as_it_is() -> None:
    assert "somebody wrote /model here" in words_of(
        with_slash(refusal_message(REFUSAL), "/release")
    )


def test_the_usual_one_changes_nothing() -> None:
    message = refusal_message(REFUSAL)
    assert with_slash(message, "/model") is message


def test_the_hints_of_a_modal_are_renamed_too() -> None:
    hint = {"type": "mrkdwn", "text": "See `/model requests`"}
    view = {"type": "modal", "blocks": [{"type": "section", "text": hint}]}
    assert view_with_slash(view, "/release") == {
        "type": "modal",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "See `/release requests`"}}
        ],
    }
    assert view_with_slash(view, "/model") is view
