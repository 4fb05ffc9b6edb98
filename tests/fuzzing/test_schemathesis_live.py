"""The same against the running service, where the front and the server have their say: fewer requests."""

from schemathesis import GenerationMode

from tests.auth.two_tenants import TwoTenants
from tests.fuzzing.schemathesis_runner import OPERATION_MODES, SchemathesisRunner
from tests.people import key
from tests.service_process import ServiceProcess


def test_the_running_service_answers_as_declared(service: ServiceProcess, live_database: None) -> None:
    tenants = TwoTenants()
    runner = SchemathesisRunner(key(tenants.people.owner), service.base)

    for name, mode in OPERATION_MODES:
        runner.ask_all_drawn(name, mode, tenants, examples=2 if mode is GenerationMode.POSITIVE else 3)

    assert "Unhandled error" not in service.output()
