"""Whatever a workspace answers, or does not, comes out as one of Herald's own errors."""

from collections.abc import Iterator

import pytest

from bot.adapters.databricks_client import ConflictError, DatabricksClient
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    NotFoundError,
)
from tests.kept_port import kept_port
from tests.unit.adapters.workspace import NAME, TOKEN, Said, StubWorkspace, client_of

PATH = "/api/2.0/thing"


@pytest.fixture
def dead_origin() -> Iterator[str]:
    """An address at which nobody listens."""
    with kept_port() as port:
        yield f"http://127.0.0.1:{port}"


async def test_json_comes_back(client: DatabricksClient, stub: StubWorkspace) -> None:
    stub.says(PATH, {"a": [1]})
    assert await client.get(PATH) == {"a": [1]}


async def test_token_goes_with_each_call(client: DatabricksClient, stub: StubWorkspace) -> None:
    stub.says(PATH, {})
    await client.get(PATH)
    assert stub.calls[0].headers["Authorization"] == f"Bearer {TOKEN}"


async def test_query_values_cannot_leave_their_place(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says(PATH, {})
    await client.get(PATH, {"name": "a&b=c#d/../é"})
    assert stub.calls[0].query == {"name": "a&b=c#d/../é"}


async def test_empty_answer_of_a_write_is_fine(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says(PATH, Said(text=""))
    assert await client.send("POST", PATH, {"a": 1}) == {}


async def test_delete_carries_its_body(client: DatabricksClient, stub: StubWorkspace) -> None:
    stub.says(PATH, {})
    await client.send("DELETE", PATH, {"alias": "champion"})
    assert (stub.calls[0].method, stub.calls[0].body) == ("DELETE", {"alias": "champion"})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "RESOURCE_DOES_NOT_EXIST", NotFoundError),
        (404, "ENDPOINT_NOT_FOUND", BackEndRefusedError),
        (400, "INVALID_PARAMETER_VALUE", BackEndRefusedError),
        (400, "SOMETHING_NEW", BackEndRefusedError),
        (401, "UNAUTHENTICATED", BackEndRefusedError),
        (403, "403", BackEndRefusedError),
        (409, "RESOURCE_CONFLICT", ConflictError),
        (422, "UNPROCESSABLE", BackEndRefusedError),
        (429, "REQUEST_LIMIT_EXCEEDED", BackEndUnavailableError),
        (500, "INTERNAL_ERROR", BackEndUnavailableError),
        (500, "INVALID_PARAMETER_VALUE", BackEndUnavailableError),
        (502, "BAD_GATEWAY", BackEndUnavailableError),
        (503, "TEMPORARILY_UNAVAILABLE", BackEndUnavailableError),
        (504, "DEADLINE_EXCEEDED", BackEndUnavailableError),
    ],
)
async def test_each_refusal_is_told_in_its_own_kind(
    client: DatabricksClient, stub: StubWorkspace, status: int, code: str, kind: type[BackEndError]
) -> None:
    stub.refuses(PATH, status, code, "it says so")
    with pytest.raises(BackEndError, match="it says so") as caught:
        await client.get(PATH)
    assert type(caught.value) is kind
    assert caught.value.back_end == NAME


async def test_wrong_token_is_told_with_its_remedy(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.refuses(PATH, 403, "403", "Invalid access token.")
    with pytest.raises(BackEndRefusedError) as caught:
        await client.get(PATH)
    assert caught.value.detail == (
        "access denied: Invalid access token; check DATABRICKS_TOKEN and the rights of its owner"
    )


async def test_host_and_token_never_show(client: DatabricksClient, stub: StubWorkspace) -> None:
    said = f"{stub.origin}/x denies {TOKEN}, see {stub.origin.partition('://')[2]}"
    stub.refuses(PATH, 403, "PERMISSION_DENIED", said)
    with pytest.raises(BackEndRefusedError) as caught:
        await client.get(PATH)
    assert "127.0.0.1" not in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("status", [404, 418])
async def test_page_that_no_workspace_writes_is_no_answer(
    client: DatabricksClient, stub: StubWorkspace, status: int
) -> None:
    stub.says(PATH, Said(status=status, text="who are you looking for?"))
    with pytest.raises(BackEndUnavailableError, match="no Databricks workspace"):
        await client.get(PATH)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_page_of_a_gateway_is_no_answer(
    client: DatabricksClient, stub: StubWorkspace, status: int
) -> None:
    stub.says(PATH, Said(status=status, text="<html>the server is not well</html>"))
    with pytest.raises(BackEndUnavailableError, match="it could not answer: no reason given"):
        await client.get(PATH)


@pytest.mark.parametrize("text", ["<html>hello</html>", "{broken", "[1, 2]", '"text"', "3"])
async def test_good_status_with_garbage_is_no_answer(
    client: DatabricksClient, stub: StubWorkspace, text: str
) -> None:
    stub.says(PATH, Said(text=text))
    with pytest.raises(BackEndUnavailableError, match="no JSON"):
        await client.get(PATH)


async def test_hang_ends_at_the_deadline(stub: StubWorkspace) -> None:
    stub.says(PATH, Said(hangs=True))
    client = client_of(stub.origin, seconds=0.3)
    with pytest.raises(BackEndUnavailableError, match="no answer"):
        await client.get(PATH)


async def test_dead_host_is_told_without_its_address(dead_origin: str) -> None:
    client = client_of(dead_origin, seconds=0.3)
    with pytest.raises(BackEndUnavailableError) as caught:
        await client.get(PATH)
    assert "127.0.0.1" not in str(caught.value)


async def test_dead_host_is_told_well_before_a_long_deadline(dead_origin: str) -> None:
    client = client_of(dead_origin)
    with pytest.raises(BackEndUnavailableError, match="the connection failed"):
        await client.get(PATH)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_write_whose_answer_is_lost_is_never_sent_again(
    client: DatabricksClient, stub: StubWorkspace, method: str
) -> None:
    stub.says(PATH, Said(is_cut=True))
    with pytest.raises(BackEndUnavailableError, match="the connection failed"):
        await client.send(method, PATH, {})
    assert len(stub.calls) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_busy_platform_is_not_asked_again_at_once(
    client: DatabricksClient, stub: StubWorkspace, status: int
) -> None:
    said = {"error_code": "BUSY", "message": "later"}
    stub.says(PATH, Said(status=status, body=said, headers={"Retry-After": "600"}))
    with pytest.raises(BackEndUnavailableError, match="later"):
        await client.send("PUT", PATH, {})
    assert len(stub.calls) == 1


async def test_read_survives_one_cut_connection(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says(PATH, Said(is_cut=True), {"a": 1})
    assert await client.get(PATH) == {"a": 1}


async def test_read_that_is_cut_twice_is_no_answer(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says(PATH, Said(is_cut=True))
    with pytest.raises(BackEndUnavailableError, match="the connection failed"):
        await client.get(PATH)
    assert len(stub.calls) == 2


async def test_file_comes_back_as_it_is(client: DatabricksClient, stub: StubWorkspace) -> None:
    stub.says(PATH, Said(text="flavors: {}\n"))
    assert await client.file(PATH, 100) == b"flavors: {}\n"


async def test_file_at_the_limit_comes_back(client: DatabricksClient, stub: StubWorkspace) -> None:
    stub.says(PATH, Said(text="x" * 10))
    assert await client.file(PATH, 10) == b"x" * 10


async def test_larger_file_is_refused_and_never_cut_short(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says(PATH, Said(text="x" * 11))
    with pytest.raises(BackEndRefusedError, match="larger than 10 bytes"):
        await client.file(PATH, 10)


async def test_signed_file_is_read_without_our_token(
    client: DatabricksClient, stub: StubWorkspace
) -> None:
    stub.says("/store/a", Said(text="kept"))
    found = await client.signed_file(f"{stub.origin}/store/a?sig=1", {"x-key": "v"}, 100)
    assert found == b"kept"
    assert "Authorization" not in stub.calls[0].headers
    assert stub.calls[0].headers["x-key"] == "v"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFoundError), (403, BackEndRefusedError), (500, BackEndUnavailableError)],
)
async def test_file_store_is_told_in_its_own_words(
    client: DatabricksClient, stub: StubWorkspace, status: int, kind: type[BackEndError]
) -> None:
    stub.says("/store/a", Said(status=status, text="<Error><Code>X</Code></Error>"))
    with pytest.raises(BackEndError, match="file") as caught:
        await client.signed_file(f"{stub.origin}/store/a", {}, 100)
    assert type(caught.value) is kind


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y", "/etc/passwd", ""])
async def test_only_web_addresses_are_followed(client: DatabricksClient, address: str) -> None:
    with pytest.raises(BackEndRefusedError, match="not usable"):
        await client.signed_file(address, {}, 100)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_path_cannot_be_led_upwards(client: DatabricksClient, name: str) -> None:
    with pytest.raises(NotFoundError):
        client.segment(name)


def test_path_part_is_escaped(client: DatabricksClient) -> None:
    assert client.segment("a/b?c#d e") == "a%2Fb%3Fc%23d%20e"


def test_missing_field_is_an_answer_that_cannot_be_used(client: DatabricksClient) -> None:
    answer: dict[str, str] = {}
    with pytest.raises(BackEndUnavailableError, match="documented form"), client.reading():
        answer["registered_model"]
