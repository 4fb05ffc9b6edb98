"""What datasets demand of their items."""

from django.db import models

from database.fields import JSONTextField


class DatasetSchema(models.Model):
    """The JSON Schemas of a dataset from one of its revisions on. A version is never rewritten.

    The one in force is that which the dataset's head names. One without any schema says that they were taken away.
    """

    class Enforce(models.TextChoices):
        ALL = "all"
        NEW = "new"

    pk = models.CompositePrimaryKey("team_id", "dataset_id", "version")
    team_id = models.BigIntegerField()
    dataset_id = models.UUIDField()
    version = models.IntegerField()
    revision = models.BigIntegerField()
    input = JSONTextField(null=True)
    output = JSONTextField(null=True)
    metadata = JSONTextField(null=True)
    enforce = models.CharField(max_length=3, choices=Enforce.choices)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "dataset_schema"

    def __str__(self) -> str:
        return f"version {self.version} of {self.dataset_id}"
