import pytest

from bot.domain.errors import (
    BackEndError,
    BackEndUnavailableError,
    ConfigurationError,
    EndpointBusyError,
    HeraldError,
    IllegalTransitionError,
    LostLeaseError,
    NotFoundError,
    StaleWriteError,
    StepFailedError,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            BackEndUnavailableError("The registry", "no answer in 10 s"),
            "The registry: no answer in 10 s",
        ),
        (IllegalTransitionError("CR-1", "denied", "begin"), "CR-1 is denied: it cannot begin"),
        (StaleWriteError("CR-1"), "CR-1 was changed by somebody else; read it again"),
        (LostLeaseError("CR-1"), "CR-1 is executed by another replica"),
        (StepFailedError("out of memory"), "out of memory"),
        (
            ConfigurationError("HERALD_DATABASE_URL", "it is empty", "Set it"),
            "HERALD_DATABASE_URL: it is empty. Set it",
        ),
    ],
)
def test_error_says_what_happened(error: HeraldError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("kind", [BackEndUnavailableError, NotFoundError, EndpointBusyError])
def test_trouble_of_a_back_end_is_caught_as_such(kind: type[BackEndError]) -> None:
    with pytest.raises(BackEndError):
        raise kind("The registry", "no answer")
