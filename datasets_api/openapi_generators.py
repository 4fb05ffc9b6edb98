"""Generators of the two OpenAPI files, one for each version's prefix."""

from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator

V2_INFO = {
    "title": "Datasets API, version 2",
    "description": (
        "PostHog's later dataset API, for its own clients: they take the address of this server followed by /v2 as "
        "their host. Datasets, items, versions and revisions are those of version 1."
    ),
}


class PrefixGenerator(SchemaGenerator):
    """Describes the paths that begin with `prefix`."""

    prefix: ClassVar[str]

    def _get_paths_and_endpoints(self) -> list[Any]:
        return [each for each in super()._get_paths_and_endpoints() if each[0].startswith(self.prefix)]


class V1Generator(PrefixGenerator):
    prefix = "/api/"


class V2Generator(PrefixGenerator):
    prefix = "/v2/api/"

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        document = super().get_schema(request, public)
        # drf-spectacular makes all members of a PATCH optional, but this one is required.
        document["components"]["schemas"]["PatchedDatasetItemRequest"]["required"] = ["base_version"]
        return document | {"info": document["info"] | V2_INFO}
