"""The queue of the stand-in: its own, subscribed to the topic, as Snowflake subscribes one of its own."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

NAME = "millrace-warehouse-notices"
SECONDS_INVISIBLE = 60
"""How long a killed process keeps its notices from the next one. A load that takes longer is only announced once more."""
FAILURES = (BotoCoreError, ClientError)


@dataclass(frozen=True)
class QueueMessage:
    body: str
    receipt: str


class NoticeQueue:
    """Messages stay until they are deleted: whatever dies in between, a notice comes again."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    @staticmethod
    def subscribed(endpoint: str, topic_arn: str, name: str = NAME) -> NoticeQueue:
        """Makes queue and subscription if they are not there yet."""
        region = topic_arn.split(":")[3]
        settings = {
            "endpoint_url": endpoint,
            "region_name": region,
            "aws_access_key_id": os.environ.get("AWS_ACCESS_KEY_ID", "test"),
            "aws_secret_access_key": os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
            "config": Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=30),
        }
        sqs = boto3.client("sqs", **settings)
        sns = boto3.client("sns", **settings)
        attributes = {"VisibilityTimeout": str(SECONDS_INVISIBLE), "MessageRetentionPeriod": str(14 * 24 * 3600)}
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
                }
            ],
        }
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        if arn not in _endpoints(sns, topic_arn):
            sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        return NoticeQueue(sqs, url)

    def receive(self, wait_seconds: int) -> list[QueueMessage]:
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds)
        return [QueueMessage(message["Body"], message["ReceiptHandle"]) for message in answer.get("Messages", [])]

    def delete(self, receipts: list[str]) -> None:
        for start in range(0, len(receipts), 10):
            entries = [
                {"Id": str(i), "ReceiptHandle": receipt} for i, receipt in enumerate(receipts[start : start + 10])
            ]
            # A failed entry only means that its notice comes again, and the history knows its path.
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def _endpoints(sns: Any, topic_arn: str) -> set[str]:
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    return {subscription["Endpoint"] for page in pages for subscription in page["Subscriptions"]}
