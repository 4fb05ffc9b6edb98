"""Generate the later API's OpenAPI file, with the operation ids of PostHog's file."""

from typing import Any

from rest.openapi import OperationSchema

PATH_PARAMETERS = {
    "id": "The dataset's ID.",
    "dataset_item_id": "The item's ID.",
    "export_id": "The export's number.",
}


class V2Schema(OperationSchema):
    def get_operation_id(self) -> str:
        operation_ids: dict[str, str] = getattr(self.view, "operation_ids", {})
        operation_id = operation_ids[self.method.lower()]
        return f"environments_{operation_id}" if self.path.startswith("/v2/api/environments/") else operation_id

    def describe_path_parameter(self, path_parameter: str) -> str:
        return PATH_PARAMETERS.get(path_parameter) or super().describe_path_parameter(path_parameter)

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Return False, since operations.py declares pages explicitly."""
        return False
