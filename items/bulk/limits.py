"""The limit of items in one request, for bulk writes and bulk erasure."""

from rest_framework.serializers import ValidationError

MAX_ITEMS = 10_000


def too_many_items(attr: str) -> ValidationError:
    return ValidationError({attr: [f"At most {MAX_ITEMS:,} items at once."]}, code="too_many_items")
