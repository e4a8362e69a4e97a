import inspect

import pytest

from bot.domain import ports

PORTS = [
    port
    for _, port in inspect.getmembers(ports, inspect.isclass)
    if port.__module__ == ports.__name__
]


@pytest.mark.parametrize("port", PORTS)
def test_port_is_a_protocol_of_one_to_five_calls(port: type) -> None:
    calls = [name for name in vars(port) if not name.startswith("_")]
    assert getattr(port, "_is_protocol", False)
    assert 1 <= len(calls) <= 5
