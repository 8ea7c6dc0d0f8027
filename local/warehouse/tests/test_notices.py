from __future__ import annotations

import datetime
import json

import pytest
from warehouse.pipes.notices import read_message

EVENT = {
    "Records": [
        {
            "eventName": "ObjectCreated:Put",
            "eventTime": "2026-11-21T10:00:00.500Z",
            "s3": {
                "bucket": {"name": "b"},
                "object": {"key": "events/type%3Dorders.v1.OrderCreated/a+b.parquet", "size": 7},
            },
        }
    ]
}


@pytest.mark.parametrize(
    "body", [json.dumps(EVENT), json.dumps({"Type": "Notification", "Message": json.dumps(EVENT)})]
)
def test_keys_are_decoded_from_raw_and_wrapped_messages(body: str) -> None:
    [notice] = read_message(body).notices
    assert (notice.bucket, notice.key, notice.size) == ("b", "events/type=orders.v1.OrderCreated/a b.parquet", 7)
    assert notice.at == datetime.datetime(2026, 11, 21, 10, 0, 0, 500_000, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"Service": "Amazon S3", "Event": "s3:TestEvent"}', "s3:TestEvent"),
        (json.dumps({"Records": [{"eventName": "ObjectRemoved:Delete"}]}), "no object created"),
        ("no json", "not an S3 notification"),
        ("[1]", "not an S3 notification"),
        ('{"Type": "Notification", "Message": 5}', "not an S3 notification"),
        (json.dumps({"Records": [{"eventName": "ObjectCreated:Put"}]}), "not an S3 notification"),
    ],
)
def test_what_announces_no_object_is_ignored_with_a_reason(body: str, reason: str) -> None:
    message = read_message(body)
    assert message.notices == ()
    assert message.ignored == reason
