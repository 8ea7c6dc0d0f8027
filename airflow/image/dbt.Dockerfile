# The image of dbt with the models, for runner = "container". Built from the root of the checkout:
#   docker build -f airflow/image/dbt.Dockerfile --build-arg PYTHON_DIGEST=sha256:... --build-arg REVISION=$(git rev-parse HEAD) .
# Its tag is the git commit; the settings of the DAGs name it by digest.

# Without a default: a base that changes by itself would make two builds of one commit differ.
ARG PYTHON_DIGEST
FROM docker.io/library/python:3.11-slim@${PYTHON_DIGEST}
ARG REVISION
LABEL org.opencontainers.image.title="millrace-dbt" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
ENV PYTHONDONTWRITEBYTECODE=1

COPY airflow/image/dbt.lock /opt/millrace/dbt.lock
RUN python -m pip install --no-cache-dir --no-deps --require-hashes -r /opt/millrace/dbt.lock \
    && mkdir -p /var/lib/millrace \
    && chown 10001:10001 /var/lib/millrace
COPY dbt /opt/millrace/dbt
COPY airflow/dags/millrace_airflow/run_dbt.py /opt/millrace/run_dbt.py

USER 10001:10001
WORKDIR /var/lib/millrace
# A project that does not parse never becomes an image. It needs no warehouse and no secret.
RUN python -m dbt.cli.main parse --project-dir /opt/millrace/dbt --profiles-dir /opt/millrace/dbt \
    --target-path /tmp/parsed --log-path /tmp/parsed
