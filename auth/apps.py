from django.apps import AppConfig


class AuthConfig(AppConfig):
    name = "auth"
    # The default label would clash with django.contrib.auth.
    label = "api_auth"

    def ready(self) -> None:
        from auth import openapi  # noqa: F401, PLC0415  registers the OpenAPI extension
