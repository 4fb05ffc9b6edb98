"""Require a reason for erasures in the projects that demand one."""

from rest_framework.exceptions import ValidationError

from auth.models import Project


def check_reason(project_id: int, reason: str) -> None:
    """Raises ValidationError if the reason is blank and the project requires one."""
    if not reason and Project.objects.filter(id=project_id, requires_erasure_reason=True).exists():
        raise ValidationError({"reason": ["This project requires a reason for every erasure."]}, code="required")
