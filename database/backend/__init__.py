"""Django's PostgreSQL backend with a limit on every wait for the database; the settings name it as ENGINE."""
