"""The embedded PostgreSQL, used if DATABASE_URL is unset. Its entry point is embedded.py.

Nothing here imports Django, because the settings need the database's URL.
"""
