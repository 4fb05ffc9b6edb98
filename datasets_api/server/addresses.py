"""Finds the address to listen on."""

import socket
from contextlib import suppress
from typing import NamedTuple

LOCAL_BY_WILDCARD = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared, not bound


class Address(NamedTuple):
    ip: str
    port: int

    @property
    def local_ip(self) -> str:
        """The address for clients on this machine."""
        return LOCAL_BY_WILDCARD.get(self.ip, self.ip)

    @property
    def url(self) -> str:
        host = f"[{self.local_ip}]" if ":" in self.local_ip else self.local_ip
        return f"http://{host}:{self.port}"

    def accepts_connections(self) -> bool:
        with suppress(OSError), socket.create_connection((self.local_ip, self.port), timeout=1):
            return True
        return False


def free_address(host: str, port: int) -> Address:
    """Resolve the address, and check that it is free: the server itself would share a busy port.

    Raises OSError with a message for the command's user.
    """
    try:
        # A name may have several addresses; clients most likely try IPv4.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OSError(f"Cannot listen on {host}:{port}: {reason}. Choose another with --host and --port.") from error
    return Address(str(address[0]), port)
