"""What the migrations say Snowflake has, what a warehouse has, and the way from the one to the other.

The same program for an account and for the warehouse of a laptop: plan, apply, check, and the change of a pipe.
"""
