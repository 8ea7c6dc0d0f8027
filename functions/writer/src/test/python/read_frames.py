"""Prints a line for each event of an archive or quarantine object: source and count of its batch, and its id.

Usage: read_frames.py DESCRIPTOR_SET OBJECT
"""

import io
import pathlib
import sys

import zstandard
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def varint(stream):
    """The next varint, or None at the end."""
    value = shift = 0
    while byte := stream.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
    if shift:
        raise EOFError("cut off inside a length")
    return None


def delimited(stream, message_class):
    length = varint(stream)
    if length is None:
        return None
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("cut off inside a message")
    return message_class.FromString(data)


def main(descriptors, path):
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(descriptors).read_bytes()).file:
        pool.Add(file)
    header_class = message_factory.GetMessageClass(pool.FindMessageTypeByName("millrace.event.v1.BatchHeader"))
    event_class = message_factory.GetMessageClass(pool.FindMessageTypeByName("millrace.event.v1.Event"))
    with open(path, "rb") as compressed:
        frames = zstandard.ZstdDecompressor().stream_reader(compressed, read_across_frames=True)
        stream = io.BufferedReader(frames)
        while (header := delimited(stream, header_class)) is not None:
            for _ in range(header.count):
                event = delimited(stream, event_class)
                if event.source != header.source or not event.HasField("received_time"):
                    raise ValueError("an event that is not of its batch")
                print(header.source, header.count, event.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
