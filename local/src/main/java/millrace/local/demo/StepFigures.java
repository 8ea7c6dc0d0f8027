package millrace.local.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * What one step did, by its own store.
 *
 * @param step name as in the flow
 * @param events events, or rows of events
 * @param things how many of what the step makes
 * @param thing what it makes, in the plural
 * @param bytes of what it makes; negative where it makes none
 * @param p95 time from the step before, for 95 of 100
 * @param store where the figures were read
 */
public record StepFigures(
    String step,
    long events,
    long things,
    String thing,
    long bytes,
    Optional<Duration> p95,
    String store) {}
