"""The tables, as Django makes them: foreign keys, jsonb, and the indexes that the lists of items need."""

import uuid

from django.db import models
from uuid_utils.compat import uuid7


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class User(models.Model):
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    distinct_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  the API shows null
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(unique=True)
    is_email_verified = models.BooleanField(null=True)
    hedgehog_config = models.JSONField(null=True)
    role_at_organization = models.CharField(max_length=64, null=True)  # noqa: DJ001  the API shows null
    is_active = models.BooleanField(default=True)
    organizations = models.ManyToManyField(Organization, through="Membership", related_name="members")

    is_authenticated = True

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="plain_unique_membership")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"


class PersonalAPIKey(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    sha256 = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"Key of {self.user_id}"


class Dataset(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    project = models.ForeignKey(Project, on_delete=models.CASCADE)
    name = models.CharField(max_length=400)

    def __str__(self) -> str:
        return self.name


class DatasetItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    project = models.ForeignKey(Project, on_delete=models.CASCADE)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE)
    input = models.JSONField(null=True, blank=True)
    output = models.JSONField(null=True, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    ref_trace_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  the API shows null
    ref_timestamp = models.DateTimeField(null=True, blank=True)
    ref_source_id = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  the API shows null
    deleted = models.BooleanField(null=True, default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)

    class Meta:
        # The order of the two lists, as in v1's own table; and one that v1 lacked, for the list of a project.
        indexes = [
            models.Index("project", "dataset", models.F("created_at").desc(), "id", name="plain_item_page"),
            models.Index("project", models.F("created_at").desc(), "id", name="plain_item_project_page"),
        ]

    def __str__(self) -> str:
        return str(self.id)
