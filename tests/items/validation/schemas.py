"""Schemas, and requests with them over HTTP."""

import json
from typing import Any

import jsonschema

from items.models import DatasetHead, DatasetItem, DatasetSchema
from tests.dataset_client import Body, DatasetClient, ok

QUESTION = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
NUMBER = {"type": "number"}
VALID, INVALID = {"q": "why?"}, {"q": 7}

FIELDS = ("input", "output", "metadata")
# Each value fits some of the schemas and violates others.
SCHEMAS = [True, {"type": "integer"}, {"type": ["integer", "null"]}, {"minimum": 2}, {"not": {"const": 3}}, False]
VALUES = [None, 1, 2, 3, 2.5, "text", {"a": 1}]


def put(client: DatasetClient, of: Body | None = None, *, headers: Any = None, **schemas: Any) -> Any:
    return client.api.put(client.path("schemas/", of), schemas, headers=headers)


def set_schemas(client: DatasetClient, of: Body | None = None, **schemas: Any) -> Body:
    return ok(put(client, of, **schemas))


def get_schemas(client: DatasetClient, of: Body | None = None, query: str = "") -> Body:
    return ok(client.api.get(client.path(f"schemas/{query}", of)))


def live_violations() -> list[Any]:
    """Return violations according to another validator."""
    broken = []
    for head in DatasetHead.objects.exclude(schema_version=0):
        schemas = DatasetSchema.objects.get(dataset_id=head.dataset_id, version=head.schema_version)
        if schemas.enforce == "all":
            for item in DatasetItem.objects.filter(dataset_id=head.dataset_id).exclude(deleted=True):
                for field in FIELDS:
                    schema, value = getattr(schemas, field), getattr(item, field)
                    if schema and not jsonschema.Draft202012Validator(json.loads(schema)).is_valid(
                        json.loads(value or "null")
                    ):
                        broken.append((item.id, field, value, schema))
    return broken
