"""Django's PostgreSQL backend (the settings' ENGINE), with a bound to every wait for the database.

base.py (the backend; Django demands that name), connection.py (psycopg's, bounded), circuit_breaker.py (who may try to
connect while the database is away), timeouts.py (how long a statement may take).
"""
