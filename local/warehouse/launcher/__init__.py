"""fakesnow as a server that the unmodified Snowflake clients, dbt and schemachange can work with.

fakesnow 0.12.1 gives the protocol and the translation from Snowflake SQL to DuckDB. Each module here corrects one thing in it,
as a named patch that can be left out, so that a test can show what goes wrong without it.
"""
