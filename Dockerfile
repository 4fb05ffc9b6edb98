# The service for a PostgreSQL of one's own: see docker-compose.yml. The steps are those of the scripts.
FROM python:3.11-slim

WORKDIR /srv/datasets-api
COPY requirements.lock requirements-dev.lock ./
COPY scripts/venv scripts/venv
RUN PIP_NO_CACHE_DIR=1 scripts/venv && useradd --create-home datasets
COPY . .
USER datasets

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/_readyz')"]
CMD [".venv/bin/python", "manage.py", "up", "--host", "0.0.0.0"]
