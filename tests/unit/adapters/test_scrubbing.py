"""Nothing private of a back end's words reaches a channel."""

import pytest

from bot.adapters.scrubbing import LONGEST_DETAIL, scrubbed


@pytest.mark.parametrize(
    "private",
    [
        "https://adb-12.azuredatabricks.net/api/2.0/x?y=1",
        "s3://acme-catalog/models/7",
        "10.20.30.40:8443",
        "localhost:5000",
        "adb-12.7.azuredatabricks.net",
        "dbc-a1b2.cloud.databricks.com",
        "acme.s3.eu-west-1.amazonaws.com",
        "dapi0123456789abcdef",
        "xoxb-12-34-abcdef",
        "Bearer eyJhbGciOi.J9.x",
        "{{secrets/fraud/card_history}}",
        "token=abc123",
        "password: hunter2",
        "AQoDYXdzEJr1K1nAwexampleexampleexampleexample",
        "[SQL: INSERT INTO t VALUES (?, ?)] [parameters: ('a', 'b')]",
        '{"dataframe_records": [{"card": "4111111111111111", "amount": 3}]}',
        "[[5.1, 3.5, 1.4, 0.2], [4.9, 3.0, 1.4, 0.2]]",
    ],
)
def test_private_part_is_taken_out(private: str) -> None:
    assert private not in scrubbed(f"It failed at {private} today")
    assert scrubbed(f"It failed at {private} today").startswith("It failed at …")


@pytest.mark.parametrize(
    "text",
    [
        "Model version prod.fraud.scorer 7 does not exist",
        "ModuleNotFoundError: No module named 'lightgbm'",
        "Run m-0123456789abcdef0123456789abcdef has ended",
        "[ERROR] the container left with exit code 137 [out of memory]",
    ],
)
def test_harmless_words_stay_as_they_are(text: str) -> None:
    assert scrubbed(text) == text


def test_configuration_that_the_sdk_adds_goes() -> None:
    said = "Invalid access token. Config: host=http://acme.test, token=***, auth_type=pat"
    assert scrubbed(said) == "Invalid access token"


def test_given_words_go_wherever_they_stand() -> None:
    assert scrubbed("ask acme.test about s3cr3t", ("acme.test", "s3cr3t", "")) == "ask … about …"


def test_lines_become_one() -> None:
    assert scrubbed("Traceback:\n  File x\n\tBoom") == "Traceback: File x Boom"


def test_long_words_are_cut() -> None:
    cut = scrubbed("word " * 200)
    assert len(cut) == LONGEST_DETAIL
    assert cut.endswith("…")
