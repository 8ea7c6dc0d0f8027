"""What a run has built is there again after a kill, without being built again."""

from __future__ import annotations

import signal

from emulator_process import Emulator


def topics(emulator: Emulator) -> list[str]:
    return [topic["TopicArn"].split(":")[-1] for topic in emulator.client("sns").list_topics()["Topics"]]


def test_what_was_saved_on_request_outlives_a_kill_and_what_came_later_does_not(emulator: Emulator) -> None:
    emulator.client("sns").create_topic(Name="saved")
    assert emulator.save() == 204
    emulator.client("sns").create_topic(Name="later")

    emulator.end(signal.SIGKILL)
    emulator.start()

    assert topics(emulator) == ["saved"]


def test_messages_go_on_from_where_they_were_with_the_saved_queue(emulator: Emulator) -> None:
    emulator.send("before the save", "taken")
    emulator.save()
    [taken] = [message for message in emulator.receive() if message["Body"] == "taken"]
    emulator.delete(taken)
    emulator.send("after the save")

    emulator.end(signal.SIGKILL)
    emulator.start()

    url = emulator.client("sqs").list_queues()["QueueUrls"]
    assert len(url) == 1
    assert {message["Body"] for message in emulator.receive()} == {"before the save", "after the save"}
