/** Receive from RabbitMQ: queues, prefetch, acknowledgement. Nothing is decoded here. */
@NullMarked
package millrace.rabbitmq;

import org.jspecify.annotations.NullMarked;
