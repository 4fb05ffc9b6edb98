"""How duplicates and statistics look on the wire."""

from typing import Any

from rest_framework import serializers

from auth.serializers import UserBasicSerializer


class DuplicateGroupSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    oldest = serializers.UUIDField(help_text="The first of the ids.")
    ids = serializers.ListField(child=serializers.UUIDField(), help_text="Oldest first, at most a hundred.")


class ArchivedDuplicatesSerializer(serializers.Serializer[Any]):
    dataset_revision = serializers.IntegerField()
    groups = serializers.IntegerField(help_text="How many there were.")
    archived = serializers.IntegerField(help_text="Items, at most 100,000.")
    remaining = serializers.IntegerField(help_text="Items that are left for another request.")


class ItemCountsSerializer(serializers.Serializer[Any]):
    live = serializers.IntegerField()
    archived = serializers.IntegerField()


class SizeStatsSerializer(serializers.Serializer[Any]):
    """In bytes of JSON text, UTF-8."""

    total = serializers.IntegerField()
    median = serializers.IntegerField(allow_null=True)
    p95 = serializers.IntegerField(allow_null=True)
    largest = serializers.IntegerField(allow_null=True)


class KeyStatsSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    count = serializers.IntegerField(help_text="Items whose object has it.")
    types = serializers.DictField(child=serializers.IntegerField())


class FieldStatsSerializer(serializers.Serializer[Any]):
    present = serializers.IntegerField(help_text="Items where it is not null.")
    bytes = SizeStatsSerializer()
    types = serializers.DictField(child=serializers.IntegerField())
    keys = KeyStatsSerializer(many=True, help_text="Of objects at the top: the hundred most frequent, then by name.")


class RefStatsSerializer(serializers.Serializer[Any]):
    ref_trace_id = serializers.IntegerField()
    ref_timestamp = serializers.IntegerField()
    ref_source_id = serializers.IntegerField()


class AuthorStatsSerializer(serializers.Serializer[Any]):
    created_by = UserBasicSerializer(allow_null=True)
    count = serializers.IntegerField()


class StatsFieldsSerializer(serializers.Serializer[Any]):
    input = FieldStatsSerializer()
    output = FieldStatsSerializer()
    metadata = FieldStatsSerializer()


class StatsSerializer(serializers.Serializer[Any]):
    dataset_revision = serializers.IntegerField()
    items = ItemCountsSerializer()
    first_created_at = serializers.DateTimeField(allow_null=True)
    last_created_at = serializers.DateTimeField(allow_null=True)
    bytes = serializers.IntegerField(help_text="Of the three fields of all live items.")
    fields = StatsFieldsSerializer()  # type: ignore[assignment]
    present = RefStatsSerializer(help_text="Live items that have each reference.")
    authors = AuthorStatsSerializer(many=True, help_text="Of live items; the hundred with the most.")
    sampled_items = serializers.IntegerField(help_text="Types and keys are those of so many items, the newest.")
