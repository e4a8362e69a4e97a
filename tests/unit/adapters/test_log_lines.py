"""Lines of the log hold what helps and no secret."""

import json
import logging
import sys

import pytest

from bot.adapters.log_lines import JsonLines, TextLines

SECRETS = ("xoxb-planted", "xoxb-planted-longer", "")


def _record(message: str, *args: object, trace: bool = False) -> logging.LogRecord:
    information = None
    if trace:
        try:
            int("it broke at xoxb-planted-longer")
        except ValueError:
            information = sys.exc_info()
    return logging.LogRecord("herald", logging.ERROR, "f.py", 1, message, args, information)


def test_a_line_of_json_names_the_request_it_is_about() -> None:
    line = json.loads(JsonLines().format(_record("execution of %s broke", "CR-12")))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "error",
        "logger": "herald",
        "message": "execution of CR-12 broke",
        "request": "CR-12",
    }


def test_a_line_of_json_names_the_incident_and_holds_its_trace() -> None:
    line = json.loads(JsonLines().format(_record("incident %s", "a1b2c3d4", trace=True)))
    assert line["incident"] == "a1b2c3d4"
    assert line["trace"].startswith("Traceback")


@pytest.mark.parametrize("lines", [JsonLines, TextLines])
def test_secrets_are_taken_out_of_messages_and_traces(
    lines: type[JsonLines | TextLines],
) -> None:
    line = lines(SECRETS).format(_record("sent xoxb-planted to %s", "somebody", trace=True))
    assert "planted" not in line
    assert "-longer" not in line
    assert "sent … to somebody" in line
    assert "it broke at …" in line


def test_a_line_of_text_is_for_people() -> None:
    assert TextLines().format(_record("all is well")).endswith(" ERROR all is well")
