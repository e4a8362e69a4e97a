"""A port for a program that is told where to listen."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """Keep a port of this machine for whoever is going to listen there.

    As long as the block lasts the kernel gives it to nobody else, yet lets a server have it that
    takes ports over, as asyncio's do (Linux, socket(7), SO_REUSEADDR).
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port: int = kept.getsockname()[1]
        if sys.platform != "linux":
            kept.close()
        yield port
