"""The database's schema, step by step (Alembic); run by `platform/db/migrate.py`."""
