"""The hourly and daily run of the models, and other scheduled commands, as Airflow DAGs made of one settings file."""
