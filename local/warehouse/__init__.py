"""The warehouse of a laptop run: a Snowflake stand-in on DuckDB files, the stand-in of Snowpipe, and the migrations."""
