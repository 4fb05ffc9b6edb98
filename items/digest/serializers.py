"""The response with a digest."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from items.digest.digests import Digest
from items.history.snapshots import Snapshot


@extend_schema_serializer(component_name="DatasetDigest")
class DigestSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    revision = serializers.IntegerField(help_text="The revision's number.")
    items = serializers.IntegerField(allow_null=True, help_text="The number of items of the revision.")
    digest = serializers.RegexField(
        r"^sha256:[0-9a-f]{64}$",
        allow_null=True,
        help_text="Null, like the counts, while it is being computed (202).",
    )
    erased_items = serializers.IntegerField(
        allow_null=True, help_text="The number of these items that have been erased, and are hashed with nulls."
    )


def digest_body(dataset_id: Any, snapshot: Snapshot, digest: Digest | None) -> dict[str, Any]:
    return {
        "dataset": dataset_id,
        "revision": snapshot.revision,
        "items": snapshot.item_count if digest else None,
        "digest": digest and digest.text,
        "erased_items": digest and digest.erased_count,
    }
