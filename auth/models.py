"""Users, organizations, projects and keys. Column names are PostHog's, so `team` means project here.

Texts that are compared for equality have the collation "C", so that their indexes do not depend on the C library.
E-mail addresses keep the database's collation, because they are compared case-insensitively, beyond ASCII too.
"""

from secrets import token_bytes
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from auth.api_keys.tokens import base62, new_project_token


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64)
    slug = models.SlugField(max_length=48, unique=True, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)
    members_can_use_personal_api_keys = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A project, which /api/environments/ shows as well as /api/projects/."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=200)
    api_token = models.CharField(max_length=200, unique=True, default=new_project_token, db_collation="C")
    timezone = models.CharField(max_length=240, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)
    requires_erasure_reason = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


def new_distinct_id() -> str:
    return base62(token_bytes(32))


class User(models.Model):
    class Role(models.TextChoices):
        ENGINEERING = "engineering", "Engineering"
        DATA = "data", "Data"
        PRODUCT = "product", "Product Management"
        FOUNDER = "founder", "Founder"
        LEADERSHIP = "leadership", "Leadership"
        MARKETING = "marketing", "Marketing"
        SALES = "sales", "Sales / Success"
        OTHER = "other", "Other"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid7, editable=False)
    # Random, and null in old rows, as in v1.
    distinct_id = models.CharField(
        max_length=200, null=True, blank=True, unique=True, default=new_distinct_id, db_collation="C"
    )
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=254, unique=True)
    is_email_verified = models.BooleanField(null=True, blank=True)
    hedgehog_config = models.JSONField(null=True, blank=True)
    role_at_organization = models.CharField(max_length=64, choices=Role.choices, null=True, blank=True)  # noqa: DJ001
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    current_team = models.ForeignKey(Project, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    current_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    class Level(models.IntegerChoices):
        MEMBER = 1
        ADMIN = 8
        OWNER = 15

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="unique_membership")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"


def new_key_id() -> str:
    return uuid4().hex


class PersonalAPIKey(models.Model):
    id = models.CharField(primary_key=True, max_length=50, default=new_key_id, editable=False, db_collation="C")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="personal_api_keys")
    label = models.CharField(max_length=40)
    secure_value = models.CharField(max_length=300, unique=True, editable=False, db_collation="C")
    mask_value = models.CharField(max_length=11, editable=False)
    # Null or empty scopes give no access; null or empty restrictions restrict nothing.
    scopes = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    scoped_teams = ArrayField(models.BigIntegerField(), null=True, blank=True)
    scoped_organizations = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_rolled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.label} {self.mask_value}"


class RateLimit(models.Model):
    """The requests counted in the current windows, for a user or for an address's invalid keys. Unlogged: see 0001."""

    ident = models.CharField(primary_key=True, max_length=100, db_collation="C")
    burst_started_at = models.FloatField()
    burst_count = models.BigIntegerField()
    sustained_started_at = models.FloatField()
    sustained_count = models.BigIntegerField()

    def __str__(self) -> str:
        return self.ident


class ReplicaPosition(models.Model):
    """The WAL position that a replica must have replayed before a user reads from it. Unlogged: see 0001.

    User 0 stands for all users: `sampled_lsn` is the primary's position at `sampled_at`, and `min_lsn` trails it.
    """

    user_id = models.BigIntegerField(primary_key=True)
    min_lsn = models.BigIntegerField()
    sampled_lsn = models.BigIntegerField(null=True)
    sampled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.min_lsn}"
