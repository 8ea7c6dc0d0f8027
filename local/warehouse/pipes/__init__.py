"""The stand-in of Snowpipe: follows the real pipe definitions and loads what the topic announces.

Like Snowpipe where it hurts: columns a table lacks are ignored without a word; a column a file lacks is NULL; a bad file is
skipped whole; a path loaded within 14 days is never loaded again, whatever it holds now; files come in any order; the rows of
one file may become visible in several transactions. What a laptop cannot show is Snowflake's own reading of Parquet.
"""
