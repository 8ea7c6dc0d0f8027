"""Reads SQL as Snowflake would and names what Snowflake refuses or does otherwise than the warehouse of the laptop run."""
