from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created


class DatasetsAPIConfig(AppConfig):
    name = "datasets_api"

    def ready(self) -> None:
        # Imported here, because these modules read the settings.
        from database.query_stats import track_connection  # noqa: PLC0415
        from datasets_api.checks import check_for_open_network  # noqa: PLC0415
        from datasets_api.citus import check_citus  # noqa: PLC0415

        connection_created.connect(track_connection)
        register(check_for_open_network, deploy=True)
        register(check_citus, Tags.database)
        if settings.SENTRY_DSN:
            from datasets_api.observability.error_reports import report_errors  # noqa: PLC0415  its package is optional

            report_errors(settings.SENTRY_DSN)
