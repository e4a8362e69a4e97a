"""A registry in trouble: every port says so in time, in Herald's words, and gives nothing away."""

from collections.abc import Callable

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.sandbox.demo.world import IRIS
from tests.contract.databricks_double.double import TOKEN
from tests.contract.registry.calls import MODEL, ends
from tests.contract.registry.world import BRIEF_S, Ports, RemoteWorld


async def all_unavailable(ports: Callable[[], Ports], remote: RemoteWorld) -> None:
    for name, end in (await ends(ports)).items():
        assert isinstance(end, BackEndUnavailableError), name
        assert end.back_end == "The registry", name
        assert TOKEN not in str(end), name
        assert remote.origin.partition("://")[2] not in str(end), name


async def test_hang_ends_at_the_deadline(remote: RemoteWorld) -> None:
    remote.hangs()
    await all_unavailable(lambda: remote.ports(BRIEF_S), remote)


async def test_cut_connections_are_told(remote: RemoteWorld) -> None:
    remote.cuts_connections()
    await all_unavailable(remote.ports, remote)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_platform_out_of_order_is_told(remote: RemoteWorld, status: int) -> None:
    remote.fails(status)
    await all_unavailable(remote.ports, remote)


async def test_wrong_token_is_told_with_what_to_do(remote: RemoteWorld) -> None:
    wrong = "dapi-of-somebody-else"
    for name, end in (await ends(lambda: remote.ports(token=wrong))).items():
        assert isinstance(end, BackEndRefusedError), name
        assert "access denied" in str(end), name
        assert remote.token_setting in str(end), name
        assert wrong not in str(end), name
        assert remote.origin.partition("://")[2] not in str(end), name


async def test_registry_is_asked_again_once_the_trouble_is_over(remote: RemoteWorld) -> None:
    ports = remote.ports()
    remote.fails(500)
    with pytest.raises(BackEndUnavailableError):
        await ports.registry.model(MODEL)
    remote.heals()
    assert (await ports.registry.model(MODEL)).name == IRIS
