"""Whatever an MLflow server answers, or does not, comes out as one of Herald's own errors."""

import os
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from bot.adapters.mlflow_calls import MlflowCalls, MlflowPlace
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.system import SystemClock
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    NotFoundError,
)
from bot.domain.names import AliasName, ModelName
from tests.kept_environment import kept_environment
from tests.kept_port import kept_port
from tests.unit.adapters.workspace import LONG_S, Said, StubWorkspace

NAME, TOKEN = "The registry", "secret-of-the-tests"
MLFLOW = "/api/2.0/mlflow"
MODEL, MODELS = f"{MLFLOW}/registered-models/get", f"{MLFLOW}/registered-models/search"
ALIAS, ONE = f"{MLFLOW}/registered-models/alias", f"{MLFLOW}/model-versions/get"
SCORER, CHAMPION = ModelName("prod.fraud.scorer"), AliasName("champion")
LOGGED = f"m-{'a' * 32}"
HANGING = "Hanging"


def calls_to(origin: str, seconds: float = LONG_S, name: str = NAME) -> MlflowCalls:
    """Return calls to a server with a deadline."""
    deadline = timedelta(seconds=seconds)
    place = MlflowPlace(tracking_uri=origin, registry_uri=origin, deadline=deadline)
    return MlflowCalls(name, place, SystemClock())


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    with kept_environment():
        os.environ["MLFLOW_TRACKING_TOKEN"] = TOKEN
        yield


@pytest.fixture
async def registry(stub: StubWorkspace) -> AsyncIterator[MlflowRegistry]:
    calls = calls_to(stub.origin)
    yield MlflowRegistry(calls)
    await calls.close()


@pytest.fixture
def dead_origin() -> Iterator[str]:
    """An address at which nobody listens."""
    with kept_port() as port:
        yield f"http://127.0.0.1:{port}"


async def test_token_goes_with_each_call(registry: MlflowRegistry, stub: StubWorkspace) -> None:
    stub.says(MODEL, {"registered_model": {"name": SCORER}})
    assert (await registry.model(SCORER)).name == SCORER
    assert stub.calls[-1].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "RESOURCE_DOES_NOT_EXIST", NotFoundError),
        (400, "INVALID_PARAMETER_VALUE", BackEndRefusedError),
        (400, "A_CODE_FROM_THE_FUTURE", BackEndError),
        (403, "PERMISSION_DENIED", BackEndRefusedError),
        (500, "INTERNAL_ERROR", BackEndUnavailableError),
        (503, "TEMPORARILY_UNAVAILABLE", BackEndUnavailableError),
        (429, "REQUEST_LIMIT_EXCEEDED", BackEndUnavailableError),
        (501, "NOT_IMPLEMENTED", BackEndUnavailableError),
    ],
)
async def test_each_refusal_is_told_in_its_own_kind(
    registry: MlflowRegistry,
    stub: StubWorkspace,
    status: int,
    code: str,
    kind: type[BackEndError],
) -> None:
    stub.refuses(MODEL, status, code, "because")
    with pytest.raises(kind):
        await registry.model(SCORER)


@pytest.mark.parametrize("status", [401, 403])
async def test_refusal_of_a_proxy_is_told_with_its_remedy(
    registry: MlflowRegistry, stub: StubWorkspace, status: int
) -> None:
    stub.says(MODEL, Said(status=status, text="You are not authenticated."))
    with pytest.raises(BackEndRefusedError, match=r"access denied: .*MLFLOW_TRACKING_TOKEN"):
        await registry.model(SCORER)


async def test_host_and_token_never_show(registry: MlflowRegistry, stub: StubWorkspace) -> None:
    said = f"{stub.origin}/x denies token={TOKEN}, see {stub.origin.partition('://')[2]}"
    stub.refuses(MODEL, 403, "PERMISSION_DENIED", said)
    with pytest.raises(BackEndRefusedError) as caught:
        await registry.model(SCORER)
    assert "127.0.0.1" not in str(caught.value)
    assert TOKEN not in str(caught.value)


async def test_host_that_is_no_mlflow_server_is_told(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.says(MODEL, Said(status=404, text="who are you looking for?"))
    with pytest.raises(BackEndUnavailableError, match="no MLflow server"):
        await registry.model(SCORER)


@pytest.mark.parametrize("text", ["<html>hello</html>", "{broken", "[1, 2]", '"text"', "3"])
async def test_good_status_with_garbage_is_no_answer(
    registry: MlflowRegistry, stub: StubWorkspace, text: str
) -> None:
    stub.says(MODEL, Said(text=text))
    with pytest.raises(BackEndUnavailableError):
        await registry.model(SCORER)


@pytest.mark.parametrize("body", [{}, {"registered_model": {}}, {"registered_model": []}])
async def test_answer_of_another_form_is_no_answer(
    registry: MlflowRegistry, stub: StubWorkspace, body: dict[str, object]
) -> None:
    stub.says(MODEL, body)
    with pytest.raises(BackEndUnavailableError):
        await registry.model(SCORER)


async def test_dead_host_is_told_without_its_address(dead_origin: str) -> None:
    with pytest.raises(BackEndUnavailableError, match="the connection failed") as caught:
        await MlflowRegistry(calls_to(dead_origin)).model(SCORER)
    assert "127.0.0.1" not in str(caught.value)


async def test_threads_of_a_hanging_host_end_soon_after_the_deadline(stub: StubWorkspace) -> None:
    stub.says(MODEL, Said(hangs=True))
    calls = calls_to(stub.origin, seconds=0.3, name=HANGING)
    with pytest.raises(BackEndUnavailableError, match="no answer within"):
        await MlflowRegistry(calls).model(SCORER)
    await calls.close()
    for thread in threading.enumerate():
        if thread.name.startswith(HANGING):
            thread.join(20)
            assert not thread.is_alive()


async def test_read_survives_one_cut_connection(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.says(MODEL, Said(is_cut=True), {"registered_model": {"name": SCORER}})
    assert (await registry.model(SCORER)).name == SCORER


async def test_read_that_is_cut_twice_is_no_answer(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.says(MODEL, Said(is_cut=True))
    with pytest.raises(BackEndUnavailableError, match="the connection failed"):
        await registry.model(SCORER)
    assert len(stub.calls) == 2


async def test_write_whose_answer_is_lost_is_never_sent_again(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.says(MODEL, {"registered_model": {"name": SCORER}})
    stub.says(ALIAS, Said(is_cut=True))
    with pytest.raises(BackEndUnavailableError, match="the connection failed"):
        await registry.set_alias(SCORER, CHAMPION, 2)
    assert [call.path for call in stub.calls].count(ALIAS) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_busy_server_is_not_asked_again_at_once(
    registry: MlflowRegistry, stub: StubWorkspace, status: int
) -> None:
    stub.says(MODEL, Said(status=status, text="later", headers={"Retry-After": "60"}))
    with pytest.raises(BackEndUnavailableError, match="it could not answer"):
        await registry.model(SCORER)
    assert len(stub.calls) == 1


async def test_pages_that_lead_in_a_circle_end(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.says(MODELS, {"registered_models": [{"name": SCORER}], "next_page_token": "again"})
    with pytest.raises(BackEndUnavailableError, match="in a circle"):
        await registry.models()


@pytest.mark.parametrize("name", ["a'b", 'a"b', "a\\b", "a`b"])
async def test_name_cannot_break_out_of_a_filter(
    registry: MlflowRegistry, stub: StubWorkspace, name: str
) -> None:
    with pytest.raises(NotFoundError):
        await registry.versions(ModelName(name))
    assert stub.calls == []


@pytest.mark.parametrize(
    ("status", "code"), [(404, "RESOURCE_DOES_NOT_EXIST"), (403, "PERMISSION_DENIED")]
)
async def test_logged_model_out_of_reach_adds_nothing(
    registry: MlflowRegistry, stub: StubWorkspace, status: int, code: str
) -> None:
    raw = {"name": SCORER, "version": "7", "source": f"models:/{LOGGED}"}
    stub.says(ONE, {"model_version": raw})
    stub.refuses(f"{MLFLOW}/logged-models/{LOGGED}", status, code, "no")
    assert (await registry.version(SCORER, 7)).metrics == ()


async def test_logged_model_that_does_not_answer_is_no_empty_evidence(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    raw = {"name": SCORER, "version": "7", "source": f"models:/{LOGGED}"}
    stub.says(ONE, {"model_version": raw})
    stub.refuses(f"{MLFLOW}/logged-models/{LOGGED}", 500, "INTERNAL_ERROR", "no")
    with pytest.raises(BackEndUnavailableError):
        await registry.version(SCORER, 7)


async def test_alias_that_is_gone_counts_as_taken_away(
    registry: MlflowRegistry, stub: StubWorkspace
) -> None:
    stub.refuses(ALIAS, 404, "RESOURCE_DOES_NOT_EXIST", "alias champion not found")
    stub.says(MODEL, {"registered_model": {"name": SCORER}})
    await registry.set_alias(SCORER, CHAMPION, None)
    assert [call.method for call in stub.calls] == ["GET", "DELETE", "GET"]


async def test_alias_that_stays_is_told(registry: MlflowRegistry, stub: StubWorkspace) -> None:
    stub.refuses(ALIAS, 403, "PERMISSION_DENIED", "not yours")
    aliases = [{"alias": "champion", "version": "6"}]
    stub.says(MODEL, {"registered_model": {"name": SCORER, "aliases": aliases}})
    with pytest.raises(BackEndRefusedError, match="not yours"):
        await registry.set_alias(SCORER, CHAMPION, None)


async def test_tag_that_stays_is_told(registry: MlflowRegistry, stub: StubWorkspace) -> None:
    stub.says(MODEL, {"registered_model": {"name": SCORER}})
    stub.refuses(f"{MLFLOW}/model-versions/delete-tag", 403, "PERMISSION_DENIED", "not yours")
    raw = {"name": SCORER, "version": "7", "tags": [{"key": "herald.x", "value": "1"}]}
    stub.says(ONE, {"model_version": raw})
    with pytest.raises(BackEndRefusedError, match="not yours"):
        await registry.set_tags(SCORER, 7, {"herald.x": None})
