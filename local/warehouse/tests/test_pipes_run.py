"""The stand-in as a process, fed by the notifications of a real S3 -> SNS -> SQS emulator."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import ACCOUNT, BUCKET, DEADLINE_SECONDS, LOCAL, VARIABLES, Client, serve_process, until
from files import orders, write_parquet

PREFIX = "events/format=parquet/source=orders/type=orders.v1.OrderCreated/year=2026/month=11/day=21/"
TOPIC = VARIABLES["topic_arn"]
COUNT = "select count(*), count(distinct _event_id) from orders_v1__order_created"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Cloud:
    """An emulator with the bucket, the topic, and the notification between them."""

    endpoint: str
    objects: Path

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def put(self, key: str, body: bytes) -> None:
        self.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)

    def set_up(self) -> None:
        topic = self.client("sns").create_topic(Name=TOPIC.rsplit(":", 1)[1])["TopicArn"]
        assert topic == TOPIC
        s3 = self.client("s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.announce(True)

    def announce(self, whether: bool) -> None:
        """Whether objects that are stored from now on are announced."""
        told = [{"TopicArn": TOPIC, "Events": ["s3:ObjectCreated:*"]}] if whether else []
        self.client("s3").put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"TopicConfigurations": told}
        )


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    port = free_port()
    folder = tmp_path / "cloud"
    folder.mkdir()
    environment = os.environ | {
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
        "TMPDIR": str(folder),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }
    with open(folder / "log.txt", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from ministack.app import main; main()"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        emulator = Cloud(f"http://127.0.0.1:{port}", folder / "s3")

        def answers() -> bool:
            assert process.poll() is None, (folder / "log.txt").read_text()
            try:
                emulator.client("s3").list_buckets()
                return True
            except (BotoCoreError, ClientError):
                return False

        try:
            until(answers, "an answer of the emulator")
            emulator.set_up()
            yield emulator
        finally:
            process.kill()
            process.wait()


class PipesProcess:
    """The stand-in as a run starts it, with the lines it has said."""

    def __init__(self, cloud: Cloud, warehouse_port: int, *options: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "warehouse",
                "pipes",
                "--warehouse-port",
                str(warehouse_port),
                "--aws-endpoint",
                cloud.endpoint,
                "--topic-arn",
                TOPIC,
                "--objects",
                str(cloud.objects),
                *options,
            ],
            cwd=LOCAL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def ready(self) -> PipesProcess:
        until(
            lambda: self.process.poll() is not None or any(line.get("ready") for line in self.said),
            "pipes that are ready",
        )
        assert self.process.poll() is None, self.process.stderr.read()
        return self

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def terminate(self) -> int:
        self.process.terminate()
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(timeout=DEADLINE_SECONDS)
        self._reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@contextlib.contextmanager
def pipes_process(cloud: Cloud, warehouse_port: int, *options: str) -> Iterator[PipesProcess]:
    pipes = PipesProcess(cloud, warehouse_port, *options)
    try:
        yield pipes.ready()
    finally:
        if pipes.process.poll() is None:
            pipes.kill()


def parquet(tmp_path: Path, count: int, batch: str) -> bytes:
    write_parquet(tmp_path / "one.parquet", orders(count, batch))
    return (tmp_path / "one.parquet").read_bytes()


def loaded_files(client: Client) -> int:
    return int(client.rows("select count(*) from audit.load_history where status <> 'LOADING'")[0][0])


def test_notified_files_become_rows_and_the_rest_is_left_alone(
    cloud: Cloud, migrated_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as warehouse, pipes_process(cloud, warehouse.client.port) as pipes:
        client = warehouse.client
        for number in range(12):
            cloud.put(f"{PREFIX}f{number}.r50.parquet", parquet(tmp_path, 50, f"b{number}"))
        cloud.put(f"{PREFIX}bad.r1.parquet", b"no parquet")
        cloud.put("archive/source=orders/year=2026/month=11/day=21/a.mrb", b"x")
        cloud.put("events/format=parquet/source=orders/type=orders.v1.OrderCreatedTwice/x.parquet", b"x")
        until(lambda: loaded_files(client) == 13, "every file in the history")
        assert client.rows(COUNT) == [["600", "600"]]
        assert client.rows("select count(*) from orders_v1__order_created where _file_row <> _batch_row + 1") == [["0"]]
        assert client.rows("select file, status from audit.load_history where status <> 'LOADED'") == [
            [f"{PREFIX}bad.r1.parquet", "LOAD_FAILED"]
        ]
        # The same path again, with other content: Snowpipe does not look at it.
        cloud.put(f"{PREFIX}f0.r50.parquet", parquet(tmp_path, 70, "again"))
        cloud.put(f"{PREFIX}last.r1.parquet", parquet(tmp_path, 1, "last"))
        until(lambda: loaded_files(client) == 14, "the last file in the history")
        until(lambda: pipes.said[-1].get("met_before"), "a count of the path that was met before")
        assert client.rows(COUNT) == [["601", "601"]]
        assert pipes.terminate() == 0
        counters = pipes.said[-1]
        assert counters["stopped"]
        assert (counters["loaded"], counters["failed"], counters["met_before"], counters["foreign"]) == (13, 1, 1, 2)
        assert counters["ignored"] in ({}, {"s3:TestEvent": 1})
        assert warehouse.terminate() == 0


def test_a_pipe_that_is_made_during_the_run_is_followed(cloud: Cloud, migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    prefix = "events/format=parquet/source=new/type=new.v1.New/"
    with serve_process(tmp_path / "db") as warehouse, pipes_process(cloud, warehouse.client.port) as pipes:
        client = warehouse.client
        cloud.put(f"{prefix}early.parquet", parquet(tmp_path, 1, "early"))
        until(lambda: pipes.said[-1].get("foreign"), "a file that no pipe takes")
        client.rows("create table raw.new_v1__new (_event_id varchar not null, _file varchar not null)")
        client.rows(
            f"create pipe raw.new_v1__new_pipe auto_ingest = true aws_sns_topic = '{TOPIC}' as copy into raw.new_v1__new"
            f" from '@raw.events/{prefix.removeprefix('events/')}' file_format = (format_name = 'raw.parquet')"
            " match_by_column_name = case_insensitive include_metadata = (_file = METADATA$FILENAME) on_error = skip_file"
        )
        cloud.put(f"{prefix}late.parquet", parquet(tmp_path, 2, "late"))
        until(lambda: loaded_files(client) == 1, "the file of the new pipe")
        assert client.rows("select distinct _file from raw.new_v1__new") == [[f"{prefix}late.parquet"]]
        assert pipes.terminate() == 0


def test_kills_of_warehouse_and_pipes_lose_and_double_nothing(
    cloud: Cloud, migrated_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    files = 60
    with contextlib.ExitStack() as stack:
        warehouse = stack.enter_context(serve_process(tmp_path / "db"))
        port = warehouse.client.port
        pipes = stack.enter_context(pipes_process(cloud, port, "--share-in-halves", "1"))
        body = [parquet(tmp_path, 200, f"b{number}") for number in range(files)]

        def put_all() -> None:
            for number in range(files):
                cloud.put(f"{PREFIX}f{number}.r200.parquet", body[number])

        putting = threading.Thread(target=put_all)
        putting.start()
        until(lambda: loaded_files(warehouse.client) > 0, "a first file")
        warehouse.kill()
        warehouse = stack.enter_context(serve_process(tmp_path / "db", port))
        before = loaded_files(warehouse.client)
        pipes.kill()
        pipes = stack.enter_context(pipes_process(cloud, port, "--share-in-halves", "1"))
        putting.join()
        # What the killed process had received comes again only after its time of invisibility: that is too long for a test.
        announce_again(cloud)
        until(lambda: loaded_files(warehouse.client) == files, f"{files} files, {before} before the kill")
        assert warehouse.client.rows(COUNT) == [[str(files * 200)] * 2]
        assert pipes.terminate() == 0


def announce_again(cloud: Cloud) -> None:
    """Announces every object, as `renotify` would: what is in the history is not loaded twice."""
    sns = cloud.client("sns")
    listing = cloud.client("s3").list_objects_v2(Bucket=BUCKET)
    for item in listing.get("Contents", []):
        record = {
            "eventName": "ObjectCreated:Put",
            "eventTime": "2026-11-21T10:00:00.000Z",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": item["Key"], "size": item["Size"]}},
        }
        sns.publish(TopicArn=TOPIC, Message=json.dumps({"Records": [record]}))


def test_a_pipe_that_cannot_be_followed_ends_the_process_with_one_sentence(
    cloud: Cloud, migrated_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as warehouse:
        warehouse.client.rows(
            f"create pipe raw.odd_pipe auto_ingest = true aws_sns_topic = '{TOPIC}'"
            " as copy into raw.t from @raw.events/x/ file_format = (type = csv)"
        )
        pipes = PipesProcess(cloud, warehouse.client.port)
        code = pipes.process.wait(timeout=DEADLINE_SECONDS)
        error = pipes.process.stderr.read()
        pipes.kill()
        assert code == 2
        assert error.splitlines() == [error.strip()]
        assert "RAW.ODD_PIPE" in error
