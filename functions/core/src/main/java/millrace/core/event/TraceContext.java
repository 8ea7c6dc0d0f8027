package millrace.core.event;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context that a producer sent along, as OpenTelemetry reads it. Anything else that
 * stands in the header is none: it is free text of a producer, so it reaches no row, archive or
 * log.
 */
public final class TraceContext {
  private static final String HEADER = "traceparent";

  private static final TextMapGetter<String> TRACEPARENT =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return key.equals(HEADER) ? carrier : null;
        }
      };

  private final SpanContext span;

  private TraceContext(SpanContext span) {
    this.span = span;
  }

  /** Reads the value of the header; empty when it is no trace context. */
  public static Optional<TraceContext> of(String traceparent) {
    if (traceparent.isEmpty()) {
      return Optional.empty();
    }
    SpanContext span =
        Span.fromContext(
                W3CTraceContextPropagator.getInstance()
                    .extract(Context.root(), traceparent, TRACEPARENT))
            .getSpanContext();
    return span.isValid() ? Optional.of(new TraceContext(span)) : Optional.empty();
  }

  /**
   * The header's value with nothing of a later version in it; empty when it is no trace context.
   */
  public static String checked(String traceparent) {
    return of(traceparent).map(TraceContext::traceparent).orElse("");
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return span.getTraceId();
  }

  /** As the header of version 00. */
  public String traceparent() {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
  }
}
