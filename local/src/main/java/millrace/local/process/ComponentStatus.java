package millrace.local.process;

/**
 * What the supervisor knows of one component.
 *
 * @param name its name
 * @param phase {@code starting}, {@code ready}, {@code restarting}, {@code stopping} or {@code
 *     stopped}
 * @param pid process number, -1 when there is none
 * @param restarts how often it was started again
 * @param peakBytes largest memory of any of its processes, 0 when the system does not tell
 */
public record ComponentStatus(String name, String phase, long pid, int restarts, long peakBytes) {}
