"""Breaks a client's connection off."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import suppress

DESCRIPTORS = "/dev/fd"


def break_off(client: str) -> None:
    """The connection with this client ("ip:port") ends at once, so that an answer in its middle cannot look complete.

    granian ends whatever it sends with the mark of a complete answer and has no call to leave it out; but the socket
    is this process's own.
    """
    host, _, port = client.rpartition(":")
    wanted = address(host), int(port)
    for connection in sockets():
        with connection, suppress(OSError, ValueError):
            host, port, *_ = connection.getpeername()
            if (address(host), port) == wanted:
                connection.shutdown(socket.SHUT_RDWR)


def sockets() -> Iterator[socket.socket]:
    """Second handles for all that this process has open; what a handle stands for cannot change meanwhile."""
    for name in os.listdir(DESCRIPTORS):  # noqa: PTH208  a path would be read once more for each
        with suppress(OSError):
            handle = os.dup(int(name))
            try:
                yield socket.socket(fileno=handle)
            except OSError:
                os.close(handle)


def address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(host.strip("[]").partition("%")[0])
