"""The process that valgrind runs: python -m benchmarks.instructions.process service|empty"""

import gc
import sys

from benchmarks.instructions import request_path, workload
from benchmarks.instructions.counter import Counter

PARTS = {
    "service": (request_path.service, workload.SERVICE),
    "empty": (request_path.empty, workload.EMPTY),
}


def count(counter: Counter, name: str, operation: workload.Operation, send: request_path.Send) -> None:
    requests = [operation.request(number) for number in range(operation.warm_up + operation.count)]
    for request in requests[: operation.warm_up]:
        expect_status(send, request)
    # The collections of garbage then fall on the same requests in each run.
    gc.collect()
    gc.freeze()
    with counter.counting(name):
        for request in requests[operation.warm_up :]:
            expect_status(send, request)


def expect_status(send: request_path.Send, request: workload.Request) -> None:
    if (status := send(request)) != request.status:
        sys.exit(f"{request.method} {request.path}: {status} instead of {request.status}")


def main() -> None:
    make_send, operations = PARTS[sys.argv[1]]
    send, counter = make_send(), Counter()
    for name, operation in operations.items():
        count(counter, name, operation, send)


if __name__ == "__main__":
    main()
