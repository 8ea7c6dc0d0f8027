package millrace.infra.config;

import java.util.List;
import java.util.Map;

/**
 * The consumer service.
 *
 * @param image URI of the image with its digest, so that what runs is what was tested
 * @param cpu CPU units of a task, 1,024 for one virtual CPU (default 512)
 * @param memoryMb memory of a task in MiB, what Fargate offers for the CPU (default 1024)
 * @param minTasks tasks that always run (default 1)
 * @param maxTasks tasks that a backlog may bring (default 4)
 * @param sources whose queues are consumed: {@code orders} is the queue {@code millrace.orders},
 *     bound by {@code orders.#}
 */
public record ConsumerConfig(
    String image, int cpu, int memoryMb, int minTasks, int maxTasks, List<String> sources) {
  /** Stands for a digest until an image was pushed; for the example account only. */
  public static final String EXAMPLE_DIGEST = "sha256:" + "0".repeat(64);

  /** Memory that Fargate offers: least and most for each CPU, in steps of 1,024 MiB. */
  private static final Map<Integer, List<Integer>> MEMORY =
      Map.of(
          256, List.of(512, 2_048),
          512, List.of(1_024, 4_096),
          1_024, List.of(2_048, 8_192),
          2_048, List.of(4_096, 16_384),
          4_096, List.of(8_192, 30_720));

  public ConsumerConfig {
    sources = List.copyOf(sources);
  }

  static ConsumerConfig read(Section section) {
    String image =
        section.text(
            "image",
            "[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9._-]+)+@sha256:[a-f0-9]{64}",
            "an image's URI with its digest, registry/name@sha256:...");
    int cpu = section.integer("cpu", 512, 256, 4_096);
    int memoryMb = section.integer("memoryMb", 1_024, 512, 30_720);
    int minTasks = section.integer("minTasks", 1, 1, 100);
    int maxTasks = section.integer("maxTasks", Math.max(4, minTasks), 1, 100);
    List<String> sources = section.texts("sources", "[a-z][a-z0-9_]*", "a source such as orders");
    section.require(!sources.isEmpty(), "sources must name at least one source");
    section.require(
        sources.stream().distinct().count() == sources.size(), "sources names one twice");
    section.require(
        minTasks <= maxTasks,
        "maxTasks (" + maxTasks + ") must not be below minTasks (" + minTasks + ")");
    section.require(
        MEMORY.containsKey(cpu), "cpu must be one of 256, 512, 1024, 2048, 4096, not " + cpu);
    List<Integer> memory = MEMORY.getOrDefault(cpu, List.of(memoryMb, memoryMb));
    section.require(
        memoryMb >= memory.getFirst()
            && memoryMb <= memory.getLast()
            && (memoryMb == 512 || memoryMb % 1_024 == 0),
        "memoryMb for cpu "
            + cpu
            + " must be from "
            + memory.getFirst()
            + " to "
            + memory.getLast()
            + " in steps of 1024, not "
            + memoryMb);
    section.refuseUnknownKeys();
    return new ConsumerConfig(image, cpu, memoryMb, minTasks, maxTasks, sources);
  }
}
