"""How the OpenAPI file is made."""

from drf_spectacular.openapi import AutoSchema


class OperationSchema(AutoSchema):  # type: ignore[no-untyped-call]
    pass
