"""Routes as v1 had them: a trailing slash may be left out, and a format suffix (.json) may be added."""

from rest_framework import routers


class Router(routers.DefaultRouter):
    include_root_view = False

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"
