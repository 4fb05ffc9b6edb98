"""Counts retrieves under valgrind: as they are, with 4 % more work, and with 6 % more."""

from itertools import count as numbers

from benchmarks.instructions import request_path, workload
from benchmarks.instructions.counter import Counter
from benchmarks.instructions.process import count


def with_loss(send: request_path.Send, percent: int) -> request_path.Send:
    """So many of a hundred requests are carried out twice."""
    number = numbers()

    def send_some_twice(request: workload.Request) -> int:
        if next(number) % 100 < percent:
            send(request)
        return send(request)

    return send_some_twice


def main() -> None:
    send, counter = request_path.service(), Counter()
    for percent in (0, 4, 6):
        count(counter, f"loss_{percent}", workload.SERVICE["retrieve"], with_loss(send, percent))


if __name__ == "__main__":
    main()
