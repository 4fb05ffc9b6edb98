"""The process of one database: python -m benchmarks.growth.worker ITEMS

Reads names of operations, a line each, and answers each with the costs of one round of it as JSON.
"""

import gc
import json
import sys
from collections import Counter
from dataclasses import asdict

from benchmarks.growth.operations import Operation, operations
from benchmarks.instructions.process import expect_status
from benchmarks.instructions.request_path import Send, service


def main() -> None:
    send = service()
    from benchmarks.growth.meters import Meter  # noqa: PLC0415  after setup()

    known, used, meter = operations(int(sys.argv[1])), Counter[str](), Meter()
    for line in sys.stdin:
        name = line.strip()
        operation = known[name]
        if name not in used:
            warm_up(send, operation)
            used[name] = operation.warm_up
        requests = [operation.request(used[name] + each) for each in range(operation.count)]
        used[name] += operation.count
        before = meter.before()
        for request in requests:
            expect_status(send, request)
            meter.add_request()
        costs = meter.after().over(before, operation.count)
        print(json.dumps(asdict(costs)), flush=True)


def warm_up(send: Send, operation: Operation) -> None:
    for number in range(operation.warm_up):
        expect_status(send, operation.request(number))
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
