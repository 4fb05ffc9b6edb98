"""A stop finishes all accepted requests, while sixteen clients keep writing and reading."""

import signal
import socket
import threading

import pytest

from tests.chaos.assertions import was_done
from tests.chaos.chaos_run import ChaosRun
from tests.service.up_process import processes_of
from tests.waiting import WAIT_SECONDS, wait_for


@pytest.mark.parametrize(
    "signals",
    [[signal.SIGTERM], [signal.SIGINT], [signal.SIGTERM, signal.SIGTERM, signal.SIGINT]],
    ids=["TERM", "INT", "three"],
)
def test_no_response_is_cut_and_no_write_lacks_one(chaos_run: ChaosRun, signals: list[signal.Signals]) -> None:
    with chaos_run.writing():
        chaos_run.wait_for_writes(100)
        for number in signals:
            chaos_run.up.process.send_signal(number)
        exit_code = chaos_run.up.process.wait(WAIT_SECONDS)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", chaos_run.up.port), timeout=5)

    assert exit_code == 0
    assert processes_of(chaos_run.data_dir) == set()
    assert [client.cut_answers for client in chaos_run.clients] == [0] * len(chaos_run.clients)
    assert "Traceback" not in chaos_run.up.output
    chaos_run.start_again()
    chaos_run.reader.connect_to(chaos_run.up.port)
    chaos_run.follow()
    # A connection may end without a response, but only if its request was not accepted.
    assert [write for write in chaos_run.unsure() if was_done(chaos_run.replica_copy, write)] == []
    chaos_run.verify()


def test_no_response_to_a_read_is_cut(chaos_run: ChaosRun) -> None:
    """Lists are sent in one piece, exports are streamed."""
    shared = chaos_run.clients[0].writer.shared
    pages = [f"dataset_items/?dataset={shared[0]}&limit=1000", f"datasets/{shared[1]}/export/?export_format=jsonl"]
    with chaos_run.writing():
        chaos_run.wait_for_writes(100)
    whole: list[int] = []
    stop = threading.Event()

    def read(number: int) -> None:
        client = chaos_run.clients[number]
        client.connect_to(chaos_run.up.port)
        while not stop.is_set():
            try:
                whole.append(len(client.read(pages[number % 2])))
            except ConnectionRefusedError:
                return
            except ConnectionError:
                continue  # closed between two requests

    readers = [threading.Thread(target=read, args=[number]) for number in range(len(chaos_run.clients))]
    for reader in readers:
        reader.start()
    wait_for(lambda: len(whole) > 50)
    chaos_run.up.process.send_signal(signal.SIGTERM)
    exit_code = chaos_run.up.process.wait(WAIT_SECONDS)
    for reader in readers:
        reader.join(WAIT_SECONDS)
    stop.set()

    assert exit_code == 0
    assert not any(reader.is_alive() for reader in readers)
    assert min(whole) > 0
