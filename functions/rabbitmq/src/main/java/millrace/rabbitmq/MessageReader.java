package millrace.rabbitmq;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.Map;
import millrace.core.event.Times;
import millrace.core.event.TraceContext;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message as an event: CloudEvents headers win over AMQP properties. The payload is not
 * looked at, and nothing that a producer writes into headers can fail here: what cannot be used is
 * as good as not there.
 */
final class MessageReader {
  /**
   * CloudEvents attribute names as this project, and as the AMQP bindings of CloudEvents write
   * them.
   */
  private static final String[] PREFIXES = {"ce-", "cloudEvents:", "cloudEvents_", "ce_"};

  /** A longer source would not fit into an object key, escaped. */
  private static final int MAX_SOURCE_BYTES = 255;

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private final String defaultSource;

  MessageReader(String defaultSource) {
    this.defaultSource = defaultSource;
  }

  Event read(AMQP.BasicProperties properties, String routingKey, byte[] body, Instant received) {
    var headers = new Headers(properties.getHeaders());
    // The body is ours alone: wrapping saves a copy of every payload.
    ByteString payload = UnsafeByteOperations.unsafeWrap(body);
    var event =
        Event.newBuilder()
            .setSource(source(headers, properties))
            .setType(first(headers.ce("type"), usable(properties.getType()), usable(routingKey)))
            .setSubject(first(headers.ce("subject")))
            .setSchemaVersion(first(headers.ce("dataschema"), headers.text("schema-version")))
            .setContentType(
                first(usable(properties.getContentType()), headers.ce("datacontenttype")))
            .setTraceparent(
                TraceContext.checked(first(headers.text("traceparent"), headers.ce("traceparent"))))
            .setReceivedTime(Times.timestamp(received))
            .setPayload(payload);
    identify(event, headers.ce("id"), usable(properties.getMessageId()));
    Timestamp time = headers.ceTime();
    if (time != null) {
      event.setTime(time);
    }
    Timestamp published = timestamp(properties.getTimestamp());
    if (published != null) {
      event.setPublishedTime(published);
    }
    return event.build();
  }

  private static void identify(
      Event.Builder event, @Nullable String cloudEventsId, @Nullable String messageId) {
    if (cloudEventsId != null) {
      event.setId(cloudEventsId).setIdOrigin(IdOrigin.ID_ORIGIN_CLOUDEVENTS_ID);
    } else if (messageId != null) {
      event.setId(messageId).setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID);
    }
  }

  private String source(Headers headers, AMQP.BasicProperties properties) {
    String stated = headers.ce("source");
    if (stated != null && stated.getBytes(StandardCharsets.UTF_8).length <= MAX_SOURCE_BYTES) {
      return stated;
    }
    return first(usable(properties.getAppId()), defaultSource);
  }

  private static String first(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return "";
  }

  /**
   * Text that says something. A replacement character means that the bytes were no UTF-8: two such
   * ids may look the same and would be taken for one event.
   */
  private static @Nullable String usable(@Nullable String text) {
    return text == null || text.isEmpty() || text.indexOf('\uFFFD') >= 0 ? null : text;
  }

  private static @Nullable Timestamp timestamp(@Nullable Date date) {
    return date == null ? null : timestamp(Instant.ofEpochMilli(date.getTime()));
  }

  /** Producers that write milliseconds where AMQP says seconds end up far outside the calendar. */
  private static @Nullable Timestamp timestamp(Instant instant) {
    return instant.isBefore(EARLIEST) || instant.isAfter(LATEST) ? null : Times.timestamp(instant);
  }

  /** Header values may be text, bytes, numbers, dates, lists or tables. */
  private static final class Headers {
    private final Map<String, Object> values;

    Headers(@Nullable Map<String, Object> values) {
      this.values = values == null ? Map.of() : values;
    }

    @Nullable String ce(String attribute) {
      if (values.isEmpty()) {
        return null;
      }
      for (String prefix : PREFIXES) {
        String text = text(prefix + attribute);
        if (text != null) {
          return text;
        }
      }
      return null;
    }

    @Nullable String text(String name) {
      return switch (values.get(name)) {
        case LongString text -> decode(text.getBytes());
        case byte[] bytes -> decode(bytes);
        case String text -> usable(text);
        case Number number -> number.toString();
        case Boolean bool -> bool.toString();
        case Date date -> date.toInstant().toString();
        case null, default -> null;
      };
    }

    @Nullable Timestamp ceTime() {
      String text = ce("time");
      if (text == null) {
        return null;
      }
      try {
        return timestamp(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException notRfc3339) {
        return null;
      }
    }

    private static @Nullable String decode(byte[] bytes) {
      try {
        return usable(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      } catch (CharacterCodingException notText) {
        return null;
      }
    }
  }
}
