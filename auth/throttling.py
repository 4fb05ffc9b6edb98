"""Throttles each user, for all keys together, to the two rates. 401 and 403 are never throttled."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from auth.authentication import get_access
from auth.rate_limits import seconds_to_wait
from rest.preauthorization import PREAUTHORIZED

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF loads this class while its views are loading


class UserRateThrottle(BaseThrottle):
    def allow_request(self, request: Request, view: "APIView") -> bool:
        if PREAUTHORIZED in request.META:
            return True
        access = get_access(request)
        self.seconds = seconds_to_wait(f"user:{access.user.id}") if access else 0
        return not self.seconds

    def wait(self) -> float | None:
        return self.seconds
