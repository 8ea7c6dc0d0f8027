"""What SQS has accepted is there until it is deleted, whatever happens to the emulator."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest
from emulator.durable_queues import MessageFolder, Messages, Queue
from emulator_process import QUEUE, Emulator


def test_messages_outlive_a_kill_and_those_that_were_deleted_do_not_come_back(emulator: Emulator) -> None:
    emulator.send("waits", "received", "deleted")
    received = {message["Body"]: message for message in emulator.receive()}
    emulator.delete(received["deleted"])

    emulator.end(signal.SIGKILL)
    emulator.start()

    again = emulator.receive()
    assert sorted(message["Body"] for message in again) == ["received", "waits"]
    assert again[0]["MessageAttributes"]["source"]["StringValue"] == "orders"
    for message in again:
        emulator.delete(message)
    emulator.end(signal.SIGKILL)
    emulator.start()
    assert emulator.receive() == []


def test_a_saved_state_that_is_older_than_the_kill_brings_nothing_back(emulator: Emulator) -> None:
    emulator.send("old")
    assert emulator.save() == 204
    [old] = emulator.receive()
    emulator.delete(old)
    emulator.send("new")

    emulator.end(signal.SIGKILL)
    emulator.start()

    assert [message["Body"] for message in emulator.receive()] == ["new"]


def test_a_notification_outlives_a_kill_too(emulator: Emulator) -> None:
    url = emulator.queue()
    arn = emulator.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="millrace-dev-files")["TopicArn"]
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},'
        f' "Action": "sqs:SendMessage", "Resource": "{arn}"}}]}}'
    )
    emulator.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    sns.publish(TopicArn=topic, Message="a file")

    emulator.end(signal.SIGKILL)
    emulator.start()

    assert [message["Body"] for message in emulator.receive()] == ["a file"]


def test_a_purged_queue_stays_empty(emulator: Emulator, tmp_path: Path) -> None:
    emulator.send("a", "b")
    assert len(list((tmp_path / "queues" / QUEUE).iterdir())) == 2
    emulator.client("sqs").purge_queue(QueueUrl=emulator.queue())
    assert list((tmp_path / "queues" / QUEUE).iterdir()) == []


def test_a_message_that_arrives_while_others_are_deleted_is_kept(tmp_path: Path) -> None:
    """MiniStack deletes by a list made before: in one process, what two threads do in the worst order."""
    folder = MessageFolder(tmp_path)
    received = {"id": "received", "sent_at": 1.0, "receive_count": 1}
    messages = Messages(folder, [])
    messages.append(received)
    kept = [message for message in messages if message is not received]
    messages.append({"id": "late", "sent_at": 2.0, "receive_count": 0})

    messages.replace(kept)

    assert [message["id"] for message in messages] == ["late"]
    assert [message["id"] for message in folder.read()] == ["late"]


def test_a_sender_that_holds_the_list_of_a_queue_adds_to_the_one_that_is_there(tmp_path: Path) -> None:
    """`queue["messages"].append(...)` is two steps, and another thread may replace the list between them."""
    queue = Queue(messages=Messages(MessageFolder(tmp_path), []))
    held = queue["messages"]
    queue["messages"] = []
    held.append({"id": "late", "sent_at": 1.0, "receive_count": 0})

    assert [message["id"] for message in queue["messages"]] == ["late"]


def test_nothing_is_lost_when_one_thread_sends_and_another_deletes(tmp_path: Path) -> None:
    queue = Queue(messages=Messages(MessageFolder(tmp_path), []))
    sent = 3000

    def send() -> None:
        for number in range(sent):
            queue["messages"].append({"id": str(number), "sent_at": number, "receive_count": 0})

    deleted = 0
    sender = threading.Thread(target=send)
    sender.start()
    while sender.is_alive() or queue["messages"]:
        for message in queue["messages"]:
            message["receive_count"] = 1
        kept = [message for message in queue["messages"] if not message["receive_count"]]
        deleted += sum(message["receive_count"] for message in queue["messages"])
        queue["messages"] = kept
    sender.join()

    assert deleted == sent
    assert MessageFolder(tmp_path).read() == []


def test_a_change_of_the_list_that_would_not_be_kept_is_refused(tmp_path: Path) -> None:
    messages = Messages(MessageFolder(tmp_path), [])
    with pytest.raises(NotImplementedError):
        messages.extend([{"id": "a"}])
    with pytest.raises(NotImplementedError):
        messages += [{"id": "a"}]
