"""Where Alembic starts: it writes the SQL of the steps, and the store runs it on its own connection."""

from alembic import context

options = context.config.attributes
context.configure(
    dialect_name=options["dialect"],
    output_buffer=options["buffer"],
    version_table="schema_version",
    transactional_ddl=False,
    literal_binds=True,
)
with context.begin_transaction():
    context.run_migrations()
