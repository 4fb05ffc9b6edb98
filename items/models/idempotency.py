"""Answers kept for requests that a client may repeat."""

from django.db import models


class IdempotencyRecord(models.Model):
    """The answer to a request that bore an Idempotency-Key, kept in the transaction of its write."""

    pk = models.CompositePrimaryKey("team_id", "user_id", "key")
    team_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    # SHA-256 of the method, path, query and body.
    fingerprint = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "idempotency_record"

    def __str__(self) -> str:
        return self.key
