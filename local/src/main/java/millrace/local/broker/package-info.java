/** The broker of the laptop run: AMQP 0-9-1 in a JVM of its own, for machines without RabbitMQ. */
@NullMarked
package millrace.local.broker;

import org.jspecify.annotations.NullMarked;
