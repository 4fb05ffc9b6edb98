from django.apps import AppConfig


class DatasetsAPIConfig(AppConfig):
    name = "datasets_api"
