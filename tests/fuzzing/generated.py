"""Requests made of the OpenAPI file, by schemathesis: what it declares as right, and what it declares as wrong."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.auth.two_tenants import TAG, TwoTenants
from tests.contract.openapi_file import DOCUMENT, OPERATIONS


def read_schema() -> Any:
    """Who may do what has tests of its own, in tests/auth: here every request bears a right key."""
    # schemathesis writes into what it is given, and other tests compare the file with DOCUMENT.
    schema = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
    schema.config.generation.with_security_parameters = False
    return schema


# For the service inside the test's process, which a fixture makes its `app`; and for a running one.
INSIDE, LIVE = read_schema(), read_schema()


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def lines(_: Any, value: Any) -> dict[str, bytes]:
    rows = value if isinstance(value, list) else [value]
    return {"data": "\n".join(each if isinstance(each, str) else json.dumps(each) for each in rows).encode()}


class Requests:
    """Generates requests of one operation, with existing ids, so that more than a 404 is reached."""

    def __init__(self, name: str, tenants: TwoTenants, schema: Any = INSIDE) -> None:
        described = OPERATIONS[name]
        self.path, self.tenants, self.schema = described["path"], tenants, schema
        self.operation = schema[self.path][described["method"]]

    def drawn(self, mode: GenerationMode) -> st.SearchStrategy[Case]:
        cases = self.operation.as_strategy(generation_mode=mode, path_parameters=self.path_parameters())
        return cases.map(self.naming_what_there_is)

    def at_the_edges(self, mode: GenerationMode) -> Iterator[Case]:
        """Vary each parameter and field: the least, the greatest, none, one of another type and so on."""
        generation = self.schema.config.generation
        cases = self.schema.iter_coverage_cases(self.operation, generation_modes=[mode], generation_config=generation)
        for case in cases:
            case.path_parameters = self.path_parameters()
            yield self.naming_what_there_is(case)

    def path_parameters(self) -> dict[str, Any]:
        tenants = self.tenants
        own = {"dataset_items": tenants.item, "datasets": tenants.dataset, "personal_api_keys": tenants.key}
        ids = {each: str(row.id) for name, row in own.items() for each in ["id"] if f"/{name}/" in self.path}
        ids |= {"name": TAG, "organization_id": str(tenants.people.home.id)}
        ids |= dict.fromkeys(("project_id", "environment_id"), str(tenants.people.project.id))
        return {name: value for name, value in ids.items() if f"{{{name}}}" in self.path}

    def naming_what_there_is(self, case: Case) -> Case:
        """A dataset's id that was made up becomes that of one that is there."""
        rows = case.body.get("items") if isinstance(case.body, dict) else None
        for place in (case.body, case.query, *(rows if isinstance(rows, list) else ())):
            if isinstance(place, dict) and is_right(place.get("dataset")):
                place["dataset"] = str(self.tenants.dataset.id)
        return case


def is_right(dataset: Any) -> bool:
    """Whether it has the form of an id: one that is wrong stays wrong."""
    return isinstance(dataset, str) and len(dataset) == 36 and all(each in "0123456789abcdef-" for each in dataset)


def can_be_wrong(operation: dict[str, Any]) -> bool:
    """A request that only has a key and a path has nothing that could be wrong."""
    return "requestBody" in operation or any(each["in"] == "query" for each in operation.get("parameters", []))
