"""What Alembic runs: every missing step over the connection that it is handed."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite alters a table by copying it.
    render_as_batch=True,
)
# The caller owns the transaction: all steps are kept, or none.
context.run_migrations()
