"""The one place where settings are read; docs/settings.md lists the environment variables."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from datasets_api import env
from datasets_api.database_url import django_settings, parse_database_url
from datasets_api.postgres import EmbeddedPostgres, PostgresError
from datasets_api.version import VERSION
from rest.rates import parse_rate

PROJECT_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", ".data")).expanduser()
if not DATA_DIR.is_absolute():
    DATA_DIR = PROJECT_DIR / DATA_DIR

# --- Database and the secret key ------------------------------------------------------------------------------------
DATABASE_URL = env.secret("DATABASE_URL")
# False behind a pooler that forgets prepared statements from one transaction to the next.
DATABASE_PREPARED_STATEMENTS = env.boolean("DATABASE_PREPARED_STATEMENTS", default=True)
# None when the operator brings a PostgreSQL of their own.
EMBEDDED_POSTGRES = None if DATABASE_URL else EmbeddedPostgres(DATA_DIR)
# PostgreSQL counts milliseconds in 31 bits, and is given up to twice what is set here.
MAX_TIMEOUT_SECONDS = 1_000_000
# Seconds that a statement of a request may take; 0 is no limit.
STATEMENT_TIMEOUT_SECONDS = env.integer("STATEMENT_TIMEOUT_SECONDS", 30, maximum=MAX_TIMEOUT_SECONDS)
# How long a connection may take to be made, and how long the other machine may be silent in the middle of one (seconds,
# but for the last, which is in milliseconds). DATABASE_URL may have others (?connect_timeout=3).
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
        # Statements are few and their texts fixed: PostgreSQL plans each once per connection.
        server_side_binding=True,
        prepare_threshold=1 if DATABASE_PREPARED_STATEMENTS else None,
        application_name="datasets-api",
    )
    # A cursor kept on the server outlives its transaction, which such a pooler does not allow either.
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
# A copy that PostgreSQL keeps, for reads. What it lacks at most, in seconds, of what others have written.
REPLICA_DATABASE_URL = env.secret("REPLICA_DATABASE_URL")
REPLICA_MAX_LAG_SECONDS = env.integer("REPLICA_MAX_LAG_SECONDS", 15, minimum=1)
if REPLICA_DATABASE_URL:
    DATABASES["replica"] = database(REPLICA_DATABASE_URL, "REPLICA_DATABASE_URL")
    # One that is away is given up soon: the primary is asked instead.
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
# Each layer costs every request.
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
# Threads of a worker, and how many requests may wait for one; `up` sets the first.
SERVER_THREADS = env.integer("SERVER_THREADS", 4, minimum=1)
SERVER_QUEUE_SIZE = env.integer("SERVER_QUEUE_SIZE", 512, minimum=1)
# Threads of a worker that produce streams and carry out imports; the latter leave one to the former.
SERVER_STREAM_THREADS = env.integer("SERVER_STREAM_THREADS", 4, minimum=1)
# The part of either that one project may hold at once; 1 is all of them.
SERVER_PROJECT_SHARE = env.fraction("SERVER_PROJECT_SHARE", 0.5)
# Requests that a worker has under way for one user: imports that it receives or carries out, and streams.
SERVER_MAX_UPLOADS_PER_USER = env.integer("SERVER_MAX_UPLOADS_PER_USER", 2, minimum=1)
SERVER_MAX_STREAMS_PER_USER = env.integer("SERVER_MAX_STREAMS_PER_USER", 8, minimum=1)
# A client that takes nothing of a stream for so long is given up.
STREAM_IDLE_TIMEOUT_SECONDS = env.integer("STREAM_IDLE_TIMEOUT_SECONDS", 60, minimum=1)
ALLOWED_HOSTS = env.csv("ALLOWED_HOSTS", "*")
BODY_LIMIT_BYTES = 20_971_520
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
# Bodies of one user that a worker holds at once.
SERVER_MAX_BODY_BYTES_PER_USER = env.integer(
    "SERVER_MAX_BODY_BYTES_PER_USER", 4 * BODY_LIMIT_BYTES, minimum=BODY_LIMIT_BYTES
)
# In how much time a body must be there, and a file to be imported; and how fast it must come after half a minute.
BODY_TIMEOUT_SECONDS = env.integer("BODY_TIMEOUT_SECONDS", 600, minimum=1)
UPLOAD_TIMEOUT_SECONDS = env.integer("UPLOAD_TIMEOUT_SECONDS", 6 * 3600, minimum=1)
BODY_MIN_BYTES_PER_SECOND = env.integer("BODY_MIN_BYTES_PER_SECOND", 8192, minimum=1)
# How long a list may be looked for that no index serves.
SEARCH_TIMEOUT_SECONDS = env.integer("SEARCH_TIMEOUT_SECONDS", 10, minimum=1, maximum=MAX_TIMEOUT_SECONDS)
# How many bytes of JSON values a page of a list may have.
PAGE_LIMIT_BYTES = env.integer("PAGE_LIMIT_BYTES", 64 * 1024**2, minimum=1)
# Bodies that are files, which are never held in memory: where they may come, how long they may be, also unpacked, and
# where they lie meanwhile.
UPLOAD_PATHS = r"/api/(?:projects|environments)/[^/]+/datasets/[^/]+/import(?:\.\w+)?/?"
IMPORT_LIMIT_BYTES = env.integer("IMPORT_LIMIT_BYTES", 16 * 1024**3, minimum=1)
# How many times its size a file may unpack to, and its rows may have.
IMPORT_RATIO_LIMIT = env.integer("IMPORT_RATIO_LIMIT", 2000, minimum=1)
IMPORT_DIR = env.folder("IMPORT_DIR")
# Files in forms lie there, too.
FILE_UPLOAD_TEMP_DIR = IMPORT_DIR
# What a project may hold: items, and bytes of all their versions; 0 is no limit.
PROJECT_MAX_ITEMS = env.integer("PROJECT_MAX_ITEMS", 0)
PROJECT_MAX_BYTES = env.integer("PROJECT_MAX_BYTES", 0)
# How many proxies stand in front: so many entries of X-Forwarded-For are believed, and X-Forwarded-Proto.
PROXY_COUNT = env.integer("PROXY_COUNT", 0)
# The path below which a proxy shows the service to clients, such as /datasets; empty at the root of a host.
BASE_PATH = env.base_path("BASE_PATH")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 0)
X_FRAME_OPTIONS = "SAMEORIGIN"
# What `check --deploy` need not say; what it says of our own settings is in checks.py.
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # HTTPMiddleware sends the headers of SecurityMiddleware
    "security.W002",  # and that of XFrameOptionsMiddleware
    "security.W003",  # no CSRF protection: there are no cookies, and a page elsewhere has no key to send
    "security.W004",  # HSTS is HSTS_SECONDS where the proxy does not send it; on one's own machine it would do harm
    "security.W005",  # HSTS of subdomains: they are not ours to decide about
    "security.W008",  # redirects to HTTPS: this service speaks HTTP alone, to a proxy that redirects
    "security.W019",  # X-Frame-Options is SAMEORIGIN, as v1 sends it
    "security.W021",  # HSTS preloading: as for subdomains
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
    # What follows it gives operations their ids and tags.
    "SCHEMA_PATH_PREFIX": "/(?:v2/)?api/",
    # Docstrings are for readers of the code.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    # Forms are accepted but not declared: openapi-python-client would send every write as multipart.
    "PARSER_WHITELIST": ["rest.parsers.ExactJSONParser"],
    # Lines of progress are for clients that ask for them, and read lines.
    "RENDERER_WHITELIST": ["rest.renderers.JSONRenderer"],
    # Else it would be called TypeEnum.
    "ENUM_NAME_OVERRIDES": {"ErrorTypeEnum": "rest.openapi_parameters.ERROR_TYPES"},
    # The first gives enums components of their own, one of which the second completes.
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "rest.openapi.postprocess"],
    # Swagger UI comes from the sidecar package, which serving.py mounts under STATIC_URL.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Operations have links of their own; no validator elsewhere is asked.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# --- Metrics --------------------------------------------------------------------------------------------------------
# The folder that all workers count in; `up` makes one. Without it each process shows its own numbers alone.
METRICS_DIR = env.folder("PROMETHEUS_MULTIPROC_DIR") or ""
METRICS_TOKEN = env.secret("METRICS_TOKEN")
if METRICS_TOKEN and not (len(METRICS_TOKEN) >= 16 and METRICS_TOKEN.isascii() and METRICS_TOKEN.isprintable()):
    raise ImproperlyConfigured("METRICS_TOKEN (or METRICS_TOKEN_FILE) must be at least 16 random ASCII characters.")

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
LOG_FORMAT = env.choice("LOG_FORMAT", "TEXT", {"TEXT", "JSON"})
# Whether each request has a line, and how long a request or a statement takes that has one in any case; 0 is never.
LOG_REQUESTS = env.boolean("LOG_REQUESTS", default=False)
SLOW_REQUEST_SECONDS = env.seconds("SLOW_REQUEST_SECONDS", 5)
SLOW_QUERY_SECONDS = env.seconds("SLOW_QUERY_SECONDS", 1)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "TEXT": {"()": "datasets_api.logs.TextFormatter"},
        "JSON": {"()": "datasets_api.logs.JSONFormatter"},
    },
    "filters": {"request": {"()": "datasets_api.logs.RequestFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {
        "handlers": ["stderr"],
        "level": LOG_LEVEL,
    },
    # 4xx answers are the clients' affair; errors.py logs what is ours.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

# --- Errors and traces, sent elsewhere ------------------------------------------------------------------------------
SENTRY_DSN = env.secret("SENTRY_DSN")
env.require_package("SENTRY_DSN", SENTRY_DSN, "sentry_sdk")
# The library itself reads this and its other variables.
OTEL_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")
env.require_package("OTEL_EXPORTER_OTLP_ENDPOINT", OTEL_ENDPOINT, "opentelemetry.exporter.otlp.proto.http")
if OTEL_ENDPOINT:
    MIDDLEWARE.insert(0, "datasets_api.tracing.TracingMiddleware")
