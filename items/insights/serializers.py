"""Serializers for duplicates and statistics."""

from typing import Any

from rest_framework import serializers

from auth.serializers import UserBasicSerializer


class DuplicateGroupSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    oldest = serializers.UUIDField(help_text="The first of the ids.")
    ids = serializers.ListField(child=serializers.UUIDField(), help_text="Oldest first, at most a hundred.")


class ArchivedDuplicatesSerializer(serializers.Serializer[Any]):
    dataset_revision = serializers.IntegerField()
    groups = serializers.IntegerField(help_text="The number of groups.")
    archived = serializers.IntegerField(help_text="The number of items archived, at most 100,000.")
    remaining = serializers.IntegerField(help_text="The number of duplicates left for another request.")


class ItemCountsSerializer(serializers.Serializer[Any]):
    live = serializers.IntegerField()
    archived = serializers.IntegerField()


class SizeStatsSerializer(serializers.Serializer[Any]):
    """Sizes in bytes of JSON text in UTF-8."""

    total = serializers.IntegerField()
    median = serializers.IntegerField(allow_null=True)
    p95 = serializers.IntegerField(allow_null=True)
    largest = serializers.IntegerField(allow_null=True)


class KeyStatsSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    count = serializers.IntegerField(help_text="The number of items whose object has the key.")
    types = serializers.DictField(child=serializers.IntegerField())


class FieldStatsSerializer(serializers.Serializer[Any]):
    present = serializers.IntegerField(help_text="The number of items with a value other than null.")
    bytes = SizeStatsSerializer()
    types = serializers.DictField(child=serializers.IntegerField())
    keys = KeyStatsSerializer(many=True, help_text="The hundred most frequent top-level keys of objects, then by name.")


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
    bytes = serializers.IntegerField(help_text="The size of the three JSON fields of all live items.")
    fields = StatsFieldsSerializer()  # type: ignore[assignment]
    present = RefStatsSerializer(help_text="The number of live items with each reference.")
    authors = AuthorStatsSerializer(many=True, help_text="The hundred authors with the most live items.")
    sampled_items = serializers.IntegerField(help_text="The number of newest items that types and keys are counted in.")
