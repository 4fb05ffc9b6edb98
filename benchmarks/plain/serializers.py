from typing import Any

from rest_framework import serializers

from benchmarks.plain.models import Dataset, DatasetItem, User


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = [
            "id",
            "uuid",
            "distinct_id",
            "first_name",
            "last_name",
            "email",
            "is_email_verified",
            "hedgehog_config",
            "role_at_organization",
        ]


class DatasetItemSerializer(serializers.ModelSerializer[DatasetItem]):
    created_by = UserSerializer(read_only=True)
    team = serializers.IntegerField(source="project_id", read_only=True)

    class Meta:
        model = DatasetItem
        fields = [
            "id",
            "dataset",
            "input",
            "output",
            "metadata",
            "ref_trace_id",
            "ref_timestamp",
            "ref_source_id",
            "deleted",
            "created_at",
            "updated_at",
            "created_by",
            "team",
        ]

    def validate_dataset(self, dataset: Dataset) -> Any:
        if dataset.project_id != int(self.context["view"].kwargs["project_id"]):
            raise serializers.ValidationError("There is no such dataset in this project.")
        return dataset
