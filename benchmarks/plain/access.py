"""Who is asking (one query), and whether they are a member of the project's organization (one query)."""

import hashlib
from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from benchmarks.plain.models import Membership, PersonalAPIKey, User


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, PersonalAPIKey] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        try:
            found = PersonalAPIKey.objects.select_related("user").get(
                sha256=hashlib.sha256(key.strip()).hexdigest(), user__is_active=True
            )
        except PersonalAPIKey.DoesNotExist:
            raise AuthenticationFailed("Invalid key.") from None
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsMember(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user) and Membership.objects.filter(
            user=request.user, organization__projects=view.kwargs["project_id"]
        ).exists()  # fmt: skip
