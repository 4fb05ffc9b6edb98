"""The one place where settings are read; the README has a table of the environment variables."""

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured

from datasets_api import env
from datasets_api.postgres import EmbeddedPostgres
from rest.rates import parse_rate

PROJECT_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", ".data")).expanduser()
if not DATA_DIR.is_absolute():
    DATA_DIR = PROJECT_DIR / DATA_DIR

# --- Database -------------------------------------------------------------------------------------------------------
DATABASE_URL = env.secret("DATABASE_URL")
# None when the operator brings a PostgreSQL of their own.
EMBEDDED_POSTGRES = None if DATABASE_URL else EmbeddedPostgres(DATA_DIR)


def database(url: str) -> dict[str, Any]:
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None))
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read; expected postgresql://USER@HOST:PORT/NAME.") from error
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgresql://…).")
    config.setdefault("OPTIONS", {}).update(
        # Statements are few and their texts fixed: PostgreSQL plans each once per connection.
        server_side_binding=True,
        prepare_threshold=1,
        application_name="datasets-api",
    )
    return config


DATABASES = {"default": database(DATABASE_URL or EMBEDDED_POSTGRES.url)}  # type: ignore[union-attr]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Secrets --------------------------------------------------------------------------------------------------------
def kept_secret_key(file: Path) -> str:
    """Made at the first start and kept, so that the embedded default needs no setting."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY and EMBEDDED_POSTGRES:
    SECRET_KEY = kept_secret_key(DATA_DIR / "secret-key")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) must be set to at least 50 random characters.")

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
]
# Only what is needed on every path: each layer costs every request.
MIDDLEWARE = [
    "rest.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "rest.middleware.BodyLimitMiddleware",
]
ROOT_URLCONF = "datasets_api.urls"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
STATIC_URL = "/static/"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# --- Requests -------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*")
BODY_LIMIT_BYTES = 20_971_520
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
# How many proxies stand in front: so many entries of X-Forwarded-For are believed, and X-Forwarded-Proto.
PROXY_COUNT = env.integer("PROXY_COUNT", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 0)
X_FRAME_OPTIONS = "SAMEORIGIN"

CORS_ORIGINS = env.words("CORS_ALLOWED_ORIGINS", "*")
CORS_ALLOW_ALL_ORIGINS = "*" in CORS_ORIGINS
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else CORS_ORIGINS
# The library's defaults, what tracing clients add, and what our own conditional writes need.
CORS_ALLOW_HEADERS = [
    *default_headers,
    "traceparent",
    "request-id",
    "request-context",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "sentry-trace",
    "baggage",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
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
    "DEFAULT_PERMISSION_CLASSES": ["auth.permissions.MayAct"],
    "DEFAULT_THROTTLE_CLASSES": ["auth.throttling.KeyRateThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest.parsers.ExactJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "rest.pagination.LimitOffsetPagination",
    "DEFAULT_METADATA_CLASS": "rest.metadata.ViewMetadata",
    "DEFAULT_SCHEMA_CLASS": "rest.schema.OperationSchema",
    "EXCEPTION_HANDLER": "rest.errors.exception_handler",
    "VIEW_DESCRIPTION_FUNCTION": "rest.metadata.no_description",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    # 4xx answers are the clients' affair; errors.py logs what is ours.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
