"""Time limits of checks, per request and in total, and exact checks of numbers of any size."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from items.validation import pool as module
from items.validation.pool import ValidationTimeout, ValidatorPool, validate_values, validator_pool
from items.validation.schemas import NO_SCHEMAS
from items.validation_budget import REQUEST_SECONDS, Budget, current_budget, validation_budget
from rest.errors import ServiceUnavailable
from tests.dataset_client import DatasetClient, ok
from tests.items.validation.schemas import put

# Each check of "slow" takes all the time that it gets.
DEFINITIONS = ",".join(
    f'"a{n}": {{"allOf": [{{"$ref": "#/$defs/a{n - 1}"}}, {{"allOf": [{{"$ref": "#/$defs/a{n - 1}"}}]}}]}}'
    for n in range(1, 60)
)
SLOW = f'{{"$defs": {{"a0": {{"type": "string"}}, {DEFINITIONS}}}, "$ref": "#/$defs/a59"}}'


def test_checks_of_one_request_share_a_budget() -> None:
    start = time.monotonic()
    with validation_budget():
        for _ in range(20):
            with pytest.raises(ValidationTimeout):
                validate_values([(SLOW, ['"x"'])])
        budget = current_budget.get()
        assert budget is not None
        assert budget.seconds <= 0
    assert time.monotonic() - start < 6 * REQUEST_SECONDS, "20 checks of 2 seconds each would take 40"


def test_rows_are_not_checked_once_the_budget_is_spent() -> None:
    schemas = NO_SCHEMAS._replace(input=SLOW)
    with validation_budget():
        assert set(schemas.violations([{"input": '"x"'}] * 30)) == set(range(30))


def test_the_budget_grows_with_the_number_of_values() -> None:
    budget = Budget()
    for _ in range(100):
        budget.spend(0.4, 500, 50_000)

    assert budget.seconds == REQUEST_SECONDS
    assert budget.grant(500, 50_000) == pytest.approx(2.505)


def test_the_wait_for_a_validator_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.3)
    pool = ValidatorPool()
    for _ in range(module.MAX_VALIDATORS):
        assert pool.slots.acquire(timeout=0)

    start = time.monotonic()
    with pytest.raises(ServiceUnavailable) as raised:
        pool.request([module.Task("{}", ["1"], 1.0)])

    assert raised.value.get_codes() == "validation_busy"
    assert 0.2 < time.monotonic() - start < 5
    pool.slots.release()
    assert pool.request([module.Task("{}", ["1"], 1.0)])["reports"] == [[]]
    pool.close()


def test_the_number_of_running_validators_is_bounded() -> None:
    running, most, lock = 0, 0, threading.Lock()
    pool = ValidatorPool()

    class Counted(module.ValidatorProcess):
        def request(self, tasks: object) -> object:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            try:
                return super().request(tasks)  # type: ignore[arg-type]
            finally:
                with lock:
                    running -= 1

    def check(_: int) -> object:
        return pool.request([module.Task('{"type": "string"}', ['"x"'] * 5_000, 5.0)])["reports"]

    original, module.ValidatorProcess = module.ValidatorProcess, Counted  # type: ignore[misc]
    try:
        with ThreadPoolExecutor(12) as threads:
            assert list(threads.map(check, range(24))) == [[[]]] * 24
    finally:
        module.ValidatorProcess = original  # type: ignore[misc]
    assert 1 < most <= module.MAX_VALIDATORS
    pool.close()


def test_a_validator_that_has_grown_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    validator_pool.close()
    validate_values([("{}", ["1"])])
    [idle] = validator_pool.idle
    monkeypatch.setattr(module, "MAX_IDLE_BYTES", 1)

    validate_values([("{}", ["2"])])

    assert validator_pool.idle == []
    assert idle.process.poll() == 0
    monkeypatch.undo()
    validate_values([("{}", ["1"])])
    assert len(validator_pool.idle) == 1


NUMBERS = {
    "1": True, "1.5": True, "1.3": False, "0e99999999999999999999": True, "-0e+99999999999999999999": True,
    "9" * 4000: False, "9" * 5000: False, "-" + "9" * 5000: True,
    "1" + "0" * 400: True, "1" + "0" * 399 + "1": False, "1e400": True, "1e401": False, "1e131071": False,
    "9" * 131_000: False, "1." + "0" * 5000 + "1": False, "-1e131071": True,
}  # fmt: skip


@pytest.mark.django_db
def test_numbers_of_any_size_are_checked_exactly(client: DatasetClient) -> None:
    schema = {"type": "number", "maximum": 10**400, "multipleOf": 0.5}
    ok(put(client, input=schema, enforce="new"))

    for number, fits in NUMBERS.items():
        body = f'{{"dataset": "{client.dataset["id"]}", "input": {number}}}'
        response = client.api.post(client.items, body)
        assert response.status_code == (201 if fits else 400), (number[:30], response.content[:200])
