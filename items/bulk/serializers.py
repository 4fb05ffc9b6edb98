"""Bodies of bulk requests and their responses."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from items.bulk.limits import MAX_ITEMS
from items.bulk.results import ItemStatus
from items.fields import DatasetIdField
from items.models import DatasetItem
from items.rows import CONTENT_COLUMNS
from items.serializers import DatasetItemSerializer
from rest.openapi_parameters import ErrorSerializer

STATUSES = [
    (ItemStatus.CREATED.value, "a new item"),
    (ItemStatus.UPDATED.value, "a new version of an item"),
    (ItemStatus.UNCHANGED.value, "nothing differed"),
    (ItemStatus.SKIPPED.value, "an item with this key exists, and is unchanged"),
    (ItemStatus.ERROR.value, "nothing was stored; only in partial requests"),
]


class BulkCreateSerializer(serializers.Serializer[Any]):
    """The members beside the items, which item_parser.py parses one by one."""

    dataset = DatasetIdField(source="dataset_id")
    on_conflict = serializers.ChoiceField(choices=["error", "skip", "update"], required=False)


@extend_schema_serializer(component_name="BulkItem")
class BulkItemSerializer(DatasetItemSerializer):
    dataset = DatasetIdField(
        source="dataset_id",
        required=False,
        help_text="In a request that stores items: optional. In changes: the dataset to move to.",
    )

    class Meta:
        model = DatasetItem
        fields = ["dataset", *CONTENT_COLUMNS, "deleted"]


@extend_schema_serializer(component_name="BulkCreateRequest")
class BulkCreateBody(BulkCreateSerializer):
    items = BulkItemSerializer(many=True, help_text=f"At most {MAX_ITEMS:,}.")


@extend_schema_serializer(component_name="BulkUpdateRequest")
class BulkUpdateBody(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MAX_ITEMS,
        required=False,
        help_text="The items, deleted or not. Give either ids or filter.",
    )
    filter = serializers.DictField(
        required=False,
        help_text=(
            "The items that the list returns with these parameters, at most 10,000. The parameter dataset is required; "
            "none may be empty or unknown."
        ),
    )
    changes = BulkItemSerializer(help_text="The new values of every item; other fields stay.")


@extend_schema_serializer(component_name="BulkResult")
class BulkResultSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The position of the item in the request, from 0.")
    id = serializers.UUIDField(allow_null=True, help_text="The item's ID; null for an error.")
    status = serializers.ChoiceField(choices=STATUSES)
    fields = serializers.ListField(  # type: ignore[assignment]  # a member, not the serializer's own fields
        child=serializers.CharField(), required=False, help_text="Of a matched item that is updated: what changes."
    )
    error = ErrorSerializer(required=False, help_text="Only with the status error.")


@extend_schema_serializer(component_name="BulkOutcome")
class BulkOutcomeSerializer(serializers.Serializer[Any]):
    dataset_revision = serializers.IntegerField(
        help_text="The dataset's new revision, or its current one if nothing was written."
    )
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    skipped = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a member, not the serializer's own errors
    results = BulkResultSerializer(many=True, help_text="In the order of the request.")


@extend_schema_serializer(component_name="BulkUpdateOutcome")
class BulkUpdateOutcomeSerializer(BulkOutcomeSerializer):
    dataset_revision = serializers.IntegerField(
        allow_null=True,
        help_text="The revision of the target dataset, or of the only dataset involved; null for several.",
    )
    dataset_revisions = serializers.DictField(
        child=serializers.IntegerField(), help_text="The revision of each dataset, by its id."
    )
