package millrace.local.run;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * How a pipeline is run.
 *
 * @param environment environment whose stack is deployed
 * @param format format of event files: {@code parquet} or {@code ndjson}
 * @param keep whether stacks and queues outlive this run
 * @param broker the user's own broker instead of ours
 * @param consumerFirstStart variables of the consumer's first start only, for a fault that the
 *     restart must heal
 */
public record PipelineOptions(
    String environment,
    String format,
    boolean keep,
    Optional<URI> broker,
    Map<String, String> consumerFirstStart) {
  public PipelineOptions {
    if (!format.equals("parquet") && !format.equals("ndjson")) {
      throw new IllegalArgumentException("format '" + format + "' is neither parquet nor ndjson");
    }
    consumerFirstStart = Map.copyOf(consumerFirstStart);
  }

  /** A run that ends with its process, as the demo's. */
  public static PipelineOptions once(String format) {
    return new PipelineOptions("dev", format, false, Optional.empty(), Map.of());
  }

  /** A run that another one continues. */
  public static PipelineOptions kept(String format) {
    return new PipelineOptions("dev", format, true, Optional.empty(), Map.of());
  }

  public PipelineOptions consumerFirstStart(Map<String, String> variables) {
    return new PipelineOptions(environment, format, keep, broker, variables);
  }

  public PipelineOptions broker(URI own) {
    return new PipelineOptions(environment, format, keep, Optional.of(own), consumerFirstStart);
  }
}
