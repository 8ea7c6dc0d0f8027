"""All DAGs of Millrace. Airflow parses this file; wrong settings are its import error, with every problem in it."""

from millrace_airflow.dags import all_dags
from millrace_airflow.settings import load

for dag in all_dags(load()):
    globals()[dag.dag_id] = dag
