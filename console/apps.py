"""The web console: its built pages, served beside the API that they call."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
