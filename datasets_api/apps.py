from django.apps import AppConfig
from django.db.backends.signals import connection_created


class DatasetsAPIConfig(AppConfig):
    name = "datasets_api"

    def ready(self) -> None:
        from database.usage import watch  # noqa: PLC0415  it reads the settings

        connection_created.connect(watch)
