# The image of Airflow with the DAGs, and dbt beside it for runner = "process". Built from the root of the checkout:
#   docker build -f airflow/image/airflow.Dockerfile --build-arg AIRFLOW_DIGEST=sha256:... --build-arg REVISION=$(git rev-parse HEAD) .

# Without a default: a base that changes by itself would make two builds of one commit differ.
ARG AIRFLOW_DIGEST
FROM docker.io/apache/airflow:slim-3.3.2-python3.11@${AIRFLOW_DIGEST}
ARG REVISION
LABEL org.opencontainers.image.title="millrace-airflow" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"

USER root
COPY airflow/image/dbt.lock /opt/millrace/dbt.lock
# Apart from Airflow's own packages: the two ask for different versions of the same ones.
RUN python -m venv /opt/dbt \
    && /opt/dbt/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r /opt/millrace/dbt.lock \
    && mkdir -p /var/lib/millrace \
    && chown airflow /var/lib/millrace
COPY dbt /opt/millrace/dbt

USER airflow
COPY airflow/image/airflow.lock /opt/millrace/airflow.lock
RUN python -m pip install --no-cache-dir --no-deps --require-hashes -r /opt/millrace/airflow.lock
COPY airflow/millrace.toml /opt/airflow/millrace.toml
COPY airflow/dags /opt/airflow/dags
# Neither DAGs nor models that do not parse become an image.
RUN python /opt/airflow/dags/millrace.py \
    && /opt/dbt/bin/python -m dbt.cli.main parse --project-dir /opt/millrace/dbt --profiles-dir /opt/millrace/dbt \
    --target-path /tmp/parsed --log-path /tmp/parsed
