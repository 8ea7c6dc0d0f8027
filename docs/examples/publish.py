"""Publishes one order to Millrace from Python.

    ./millrace up
    .millrace/venv/bin/python docs/examples/publish.py "$(./millrace status --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["amqp_url"])')"

The contract is read from the descriptor set that the build writes, so this file needs no generated code. Prints the
event id; `./millrace trace EVENT_ID` follows it.
"""

import datetime
import pathlib
import secrets
import sys
import uuid

import pika
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

CONTRACTS = pathlib.Path(__file__).parents[2] / "proto/target/classes/millrace/contracts.binpb"
TYPE = "orders.v1.OrderCreated"


def message_class(type_name):
    """The class of a message, from the descriptor set of all contracts."""
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(CONTRACTS.read_bytes()).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(type_name))


def order():
    """An order of one line."""
    event = message_class(TYPE)()
    event.event_id = str(uuid.uuid4())
    event.order_id = "order-" + event.event_id[:8]
    event.created_at.FromDatetime(datetime.datetime.now(datetime.UTC))
    event.customer.customer_id = "customer-1"
    event.customer.name = "A Customer"
    event.customer.country_code = "DE"
    event.lines.add(line_number=1, card_id="card-1", quantity=2, unit_price_minor=450)
    event.currency = "EUR"
    event.channel = 1
    event.total_amount_minor = 900
    return event


def main(amqp_url):
    event = order()
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        # A transaction works on every AMQP 0-9-1 broker. For many messages publisher confirms are faster, but pika asks
        # the broker whether it has them in a way that only RabbitMQ answers.
        channel.tx_select()
        channel.basic_publish(
            exchange="millrace.events",
            routing_key=TYPE,
            body=event.SerializeToString(),
            mandatory=True,
            properties=pika.BasicProperties(
                app_id="orders",
                type=TYPE,
                # the W3C trace context; a tracing library of yours fills it in
                headers={"traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"},
                message_id=event.event_id,
                content_type="application/x-protobuf",
                delivery_mode=pika.DeliveryMode.Persistent.value,
                timestamp=int(datetime.datetime.now(datetime.UTC).timestamp()),
            ),
        )
        channel.tx_commit()  # returns when the broker has the message
    print(event.event_id)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: publish.py AMQP_URL")
    main(sys.argv[1])
