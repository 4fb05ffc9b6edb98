"""A proxy before the real service, that breaks connections as networks and front ends do."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK = 16 * 1024


class FaultyProxy:
    """Forwards bytes. Faults are set on it, and count down."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.refusals: list[bytes] = []
        self.cut_after: list[int] = []
        self.swallow_answers = 0
        self.connections = 0
        self.sockets: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_closed = False
        threading.Thread(target=self.accept, daemon=True).start()

    def refuse(self, times: int, status: str = "429 Too Many Requests", retry_after: str | None = "0") -> None:
        """Answer the next connections with an error of a front end."""
        header = f"Retry-After: {retry_after}\r\n" if retry_after is not None else ""
        answer = f"HTTP/1.1 {status}\r\n{header}Content-Length: 4\r\nConnection: close\r\n\r\nbusy".encode()
        self.refusals = [answer] * times
        self.drop_connections()

    def cut(self, *after: int) -> None:
        """Close the next connections after so many bytes of the answer."""
        self.cut_after = list(after)
        self.drop_connections()

    def swallow(self, times: int) -> None:
        """Let the next requests through, and close the connection in place of the answer."""
        self.cut_after = [0] * times
        self.drop_connections()

    def drop_connections(self) -> None:
        for each in self.sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.sockets.clear()

    def accept(self) -> None:
        while not self.is_closed:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.sockets.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.refusals:
                answer = self.refusals.pop()
                client.recv(CHUNK)
                client.sendall(answer)
                # Read what still comes, so that the close does not become a reset before the answer is read.
                client.settimeout(0.2)
                while client.recv(CHUNK):
                    pass
                return
            limit = self.cut_after.pop(0) if self.cut_after else None
            with socket.create_connection(("127.0.0.1", self.target_port)) as server:
                self.sockets.append(server)
                threading.Thread(target=self.pump, args=(client, server, None), daemon=True).start()
                self.pump(server, client, limit)

    def pump(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        sent = 0
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if limit is not None and sent + len(data) > limit:
                    target.sendall(data[: limit - sent])
                    break
                target.sendall(data)
                sent += len(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.is_closed = True
        # Wakes the thread that waits in accept.
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop_connections()
