"""All settings; docs/settings.md lists the environment variables."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from datasets_api import env
from datasets_api.database_url import django_settings, parse_database_url
from datasets_api.postgres.embedded import EmbeddedPostgres
from datasets_api.postgres.errors import PostgresError
from datasets_api.version import VERSION
from rest.rates import parse_rate

PROJECT_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", ".data")).expanduser()
if not DATA_DIR.is_absolute():
    DATA_DIR = PROJECT_DIR / DATA_DIR

# --- Database and the secret key ------------------------------------------------------------------------------------
DATABASE_URL = env.secret("DATABASE_URL")
# False behind a pooler that does not keep prepared statements between transactions.
DATABASE_PREPARED_STATEMENTS = env.boolean("DATABASE_PREPARED_STATEMENTS", default=True)
# None if DATABASE_URL names another PostgreSQL.
EMBEDDED_POSTGRES = None if DATABASE_URL else EmbeddedPostgres(DATA_DIR)
# PostgreSQL stores timeouts as 31-bit milliseconds, and one of them is twice this setting.
MAX_TIMEOUT_SECONDS = 1_000_000
# Seconds that a statement of a request may take; 0 for no limit.
STATEMENT_TIMEOUT_SECONDS = env.integer("STATEMENT_TIMEOUT_SECONDS", 30, maximum=MAX_TIMEOUT_SECONDS)
# Timeouts for connecting, and for a server that stops responding, in seconds except for tcp_user_timeout, which is in
# milliseconds. DATABASE_URL may override them (?connect_timeout=3).
CONNECTION_TIMEOUTS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def database(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    config = django_settings(parse_database_url(url, name)) | {"ENGINE": "database.backend", "CONN_MAX_AGE": None}
    config["OPTIONS"] = CONNECTION_TIMEOUTS | config["OPTIONS"]
    config["OPTIONS"].update(
        # There are few statements, with constant texts, so PostgreSQL plans each once per connection.
        server_side_binding=True,
        prepare_threshold=1 if DATABASE_PREPARED_STATEMENTS else None,
        application_name="datasets-api",
    )
    # Such a pooler does not support server-side cursors that outlive their transaction either.
    config["DISABLE_SERVER_SIDE_CURSORS"] = not DATABASE_PREPARED_STATEMENTS
    return config


SECRET_KEY = env.secret("SECRET_KEY")
if EMBEDDED_POSTGRES:
    try:
        DATABASE_URL = EMBEDDED_POSTGRES.url
        SECRET_KEY = SECRET_KEY or EMBEDDED_POSTGRES.secret("secret-key")
    except PostgresError as error:
        raise ImproperlyConfigured(str(error)) from error
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) must be set to at least 50 random characters.")

DATABASES = {"default": database(DATABASE_URL)}
# A streaming replica for reads, and its maximum lag in seconds for reads of other users' writes.
REPLICA_DATABASE_URL = env.secret("REPLICA_DATABASE_URL")
REPLICA_MAX_LAG_SECONDS = env.integer("REPLICA_MAX_LAG_SECONDS", 15, minimum=1)
if REPLICA_DATABASE_URL:
    DATABASES["replica"] = database(REPLICA_DATABASE_URL, "REPLICA_DATABASE_URL")
    # Short timeouts: the primary takes over from an unavailable replica.
    DATABASES["replica"]["OPTIONS"] |= {
        "connect_timeout": 2,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
    DATABASE_ROUTERS = ["database.routers.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Django ---------------------------------------------------------------------------------------------------------
DEBUG = False
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "corsheaders",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "datasets_api",
    "auth",
    "items",
    "console",
]
# Only what every path needs, because each middleware slows down every request.
MIDDLEWARE = [
    "datasets_api.observability.middleware.RequestMetricsMiddleware",
    "rest.middleware.HTTPMiddleware",
]
ROOT_URLCONF = "datasets_api.urls"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
STATIC_URL = "/static/"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# --- Requests -------------------------------------------------------------------------------------------------------
# The threads of a worker, set by `up`, and the number of requests that may wait for one.
SERVER_THREADS = env.integer("SERVER_THREADS", 4, minimum=1)
SERVER_QUEUE_SIZE = env.integer("SERVER_QUEUE_SIZE", 512, minimum=1)
# The threads of a worker for streams and imports; imports leave one thread for streams.
SERVER_STREAM_THREADS = env.integer("SERVER_STREAM_THREADS", 4, minimum=1)
# The share of either that one project may use concurrently; 1 for all of them.
SERVER_PROJECT_SHARE = env.fraction("SERVER_PROJECT_SHARE", 0.5)
# The maximum numbers of concurrent imports and streams of one user in a worker.
SERVER_MAX_UPLOADS_PER_USER = env.integer("SERVER_MAX_UPLOADS_PER_USER", 2, minimum=1)
SERVER_MAX_STREAMS_PER_USER = env.integer("SERVER_MAX_STREAMS_PER_USER", 8, minimum=1)
# A stream ends if its client receives nothing for this time.
STREAM_IDLE_TIMEOUT_SECONDS = env.integer("STREAM_IDLE_TIMEOUT_SECONDS", 60, minimum=1)
ALLOWED_HOSTS = env.csv("ALLOWED_HOSTS", "*")
BODY_LIMIT_BYTES = 20_971_520
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
# The maximum memory for one user's bodies in a worker.
SERVER_MAX_BODY_BYTES_PER_USER = env.integer(
    "SERVER_MAX_BODY_BYTES_PER_USER", 4 * BODY_LIMIT_BYTES, minimum=BODY_LIMIT_BYTES
)
# The time in which a body or an uploaded file must arrive, and its minimum rate after half a minute.
BODY_TIMEOUT_SECONDS = env.integer("BODY_TIMEOUT_SECONDS", 600, minimum=1)
UPLOAD_TIMEOUT_SECONDS = env.integer("UPLOAD_TIMEOUT_SECONDS", 6 * 3600, minimum=1)
BODY_MIN_BYTES_PER_SECOND = env.integer("BODY_MIN_BYTES_PER_SECOND", 8192, minimum=1)
# The time limit for searches that cannot use an index.
SEARCH_TIMEOUT_SECONDS = env.integer("SEARCH_TIMEOUT_SECONDS", 10, minimum=1, maximum=MAX_TIMEOUT_SECONDS)
# The maximum size of the JSON values in a page of a list.
PAGE_LIMIT_BYTES = env.integer("PAGE_LIMIT_BYTES", 64 * 1024**2, minimum=1)
# Uploads, which are never held in memory: their paths, their maximum size, compressed or not, and their folder.
UPLOAD_PATHS = r"/api/(?:projects|environments)/[^/]+/datasets/[^/]+/import(?:\.\w+)?/?"
IMPORT_LIMIT_BYTES = env.integer("IMPORT_LIMIT_BYTES", 16 * 1024**3, minimum=1)
# The maximum ratio of a file's decompressed size, and of the size of its rows, to the size of the file.
IMPORT_RATIO_LIMIT = env.integer("IMPORT_RATIO_LIMIT", 2000, minimum=1)
IMPORT_DIR = env.folder("IMPORT_DIR")
FILE_UPLOAD_TEMP_DIR = IMPORT_DIR
# The quotas of a project: its items, and the bytes of all their versions; 0 is no limit.
PROJECT_MAX_ITEMS = env.integer("PROJECT_MAX_ITEMS", 0)
PROJECT_MAX_BYTES = env.integer("PROJECT_MAX_BYTES", 0)
# The number of proxies in front: that many entries of X-Forwarded-For are trusted, and X-Forwarded-Proto.
PROXY_COUNT = env.integer("PROXY_COUNT", 0)
# The path under which a proxy serves the service, such as /datasets; empty for the root of a host.
BASE_PATH = env.base_path("BASE_PATH")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 0)
X_FRAME_OPTIONS = "SAMEORIGIN"
# Checks of `check --deploy` that do not apply; checks.py has our own.
SILENCED_SYSTEM_CHECKS = [
    "postgres.E005",  # django.contrib.postgres: ArrayField needs nothing of it, and it queries each new connection
    "security.W001",  # HTTPMiddleware sends the headers of SecurityMiddleware
    "security.W002",  # and that of XFrameOptionsMiddleware
    "security.W003",  # CSRF protection: there are no cookies, and a foreign page has no key to send
    "security.W004",  # HSTS: HSTS_SECONDS sets it if the proxy does not; it would do harm on a developer's machine
    "security.W005",  # HSTS for subdomains: they are not ours
    "security.W008",  # redirects to HTTPS: the proxy redirects, and this service only speaks HTTP
    "security.W019",  # X-Frame-Options is SAMEORIGIN, as in v1
    "security.W021",  # HSTS preloading: subdomains are not ours
]

CORS_ORIGINS = env.csv("CORS_ALLOWED_ORIGINS", "*")
CORS_ALLOW_ALL_ORIGINS = "*" in CORS_ORIGINS
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else CORS_ORIGINS
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "ETag",
    "Link",
    "Retry-After",
    "Dataset-Revision",
    "Idempotency-Replayed",
    "X-Request-Id",
]

# --- Rate limits ----------------------------------------------------------------------------------------------------
RATE_LIMIT_ENABLED = env.boolean("RATE_LIMIT_ENABLED", default=False)
try:
    RATE_LIMIT_BURST = parse_rate(env.text("RATE_LIMIT_BURST", "480/minute"))
    RATE_LIMIT_SUSTAINED = parse_rate(env.text("RATE_LIMIT_SUSTAINED", "4800/hour"))
except ValueError as error:
    raise ImproperlyConfigured(f"RATE_LIMIT_BURST and RATE_LIMIT_SUSTAINED: {error}.") from error

# --- REST -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["auth.authentication.PersonalAPIKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["auth.permissions.APIKeyPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["auth.throttling.UserRateThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest.parsers.ExactJSONParser",
        "rest.content_types.FormParser",
        "rest.content_types.MultiPartParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest.content_types.ContentNegotiation",
    "DEFAULT_PAGINATION_CLASS": "rest.pagination.LimitOffsetPagination",
    "DEFAULT_METADATA_CLASS": "rest.metadata.ViewMetadata",
    "DEFAULT_SCHEMA_CLASS": "rest.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "rest.errors.exception_handler",
    "VIEW_DESCRIPTION_FUNCTION": "rest.metadata.no_description",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# --- OpenAPI --------------------------------------------------------------------------------------------------------
SPECTACULAR_SETTINGS = {
    "TITLE": "Datasets API",
    "DESCRIPTION": (
        "Datasets of evaluation items, with versions, revisions, imports and exports. Compatible with version 1 of "
        "PostHog's dataset API: its paths, fields and errors are the same, and what is added has paths or parameters "
        "of its own."
    ),
    "VERSION": VERSION,
    "DEFAULT_GENERATOR_CLASS": "datasets_api.openapi_generators.V1Generator",
    # Operation ids and tags come from the path after this prefix.
    "SCHEMA_PATH_PREFIX": "/(?:v2/)?api/",
    # Docstrings are for developers.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    # Forms are accepted but not declared: openapi-python-client would send every write as multipart.
    "PARSER_WHITELIST": ["rest.parsers.ExactJSONParser"],
    # NDJSON progress is sent to clients that accept it, but not declared.
    "RENDERER_WHITELIST": ["rest.renderers.JSONRenderer"],
    # Its default name would be TypeEnum.
    "ENUM_NAME_OVERRIDES": {"ErrorTypeEnum": "rest.openapi_parameters.ERROR_TYPES"},
    # The first hook makes components of enums, one of which the second hook completes.
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "rest.openapi.postprocess"],
    # Swagger UI comes from the sidecar package, which server/run.py mounts under STATIC_URL.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Link to single operations, keep the key over a reload, and use no external validator. Tags open one at a time,
    # since drawing all operations takes seconds.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "persistAuthorization": True,
        "docExpansion": "none",
        "defaultModelsExpandDepth": 0,
        "filter": True,
        "validatorUrl": None,
    },
}

# --- Metrics --------------------------------------------------------------------------------------------------------
# The folder in which all workers count, created by `up`. Without it, each process only shows its own metrics.
METRICS_DIR = env.folder("PROMETHEUS_MULTIPROC_DIR") or ""
METRICS_TOKEN = env.secret("METRICS_TOKEN")
if METRICS_TOKEN and not (len(METRICS_TOKEN) >= 16 and METRICS_TOKEN.isascii() and METRICS_TOKEN.isprintable()):
    raise ImproperlyConfigured("METRICS_TOKEN (or METRICS_TOKEN_FILE) must be at least 16 random ASCII characters.")

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
LOG_FORMAT = env.choice("LOG_FORMAT", "TEXT", {"TEXT", "JSON"})
# Whether to log each request, and from which duration a request or statement is always logged; 0 for never.
LOG_REQUESTS = env.boolean("LOG_REQUESTS", default=False)
SLOW_REQUEST_SECONDS = env.seconds("SLOW_REQUEST_SECONDS", 5)
SLOW_QUERY_SECONDS = env.seconds("SLOW_QUERY_SECONDS", 1)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "TEXT": {"()": "datasets_api.observability.logs.TextFormatter"},
        "JSON": {"()": "datasets_api.observability.logs.JSONFormatter"},
    },
    "filters": {"request": {"()": "datasets_api.observability.logs.RequestFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {
        "handlers": ["stderr"],
        "level": LOG_LEVEL,
    },
    # Django would log 4xx responses, which are the clients' mistakes; rest.errors logs our own errors.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

# --- Error reports and traces ---------------------------------------------------------------------------------------
SENTRY_DSN = env.secret("SENTRY_DSN")
env.require_package("SENTRY_DSN", SENTRY_DSN, "sentry_sdk")
# OpenTelemetry itself reads this variable and others.
OTEL_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")
env.require_package("OTEL_EXPORTER_OTLP_ENDPOINT", OTEL_ENDPOINT, "opentelemetry.exporter.otlp.proto.http")
if OTEL_ENDPOINT:
    MIDDLEWARE.insert(0, "datasets_api.observability.tracing.TracingMiddleware")
