from django.apps import AppConfig


class AuthConfig(AppConfig):
    name = "auth"
    # Without a label of its own the app would take the name of django.contrib.auth.
    label = "api_auth"

    def ready(self) -> None:
        from auth import openapi  # noqa: F401, PLC0415  registers how the OpenAPI file names a key
