package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archive and quarantine outlive this code: another protobuf runtime and another zstd have to read
 * them.
 */
class PythonReadsFramesIT {
  @TempDir private Path folder;
  private final WriterWorld world = new WriterWorld();

  @Test
  void python_reads_the_frames_of_archive_and_quarantine() throws Exception {
    world.write(
        world.message(world.batch(WriterWorld.SEALED, good("1"), malformed("2"), good("3"))),
        world.message(world.batch(WriterWorld.SEALED.plusMillis(1), malformed("4"), good("5"))));

    assertThat(events("archive/")).containsExactly("testing 2 1", "testing 2 3", "testing 1 5");
    assertThat(events("quarantine/")).containsExactly("testing 1 2", "testing 1 4");
  }

  private static millrace.event.v1.Event good(String id) {
    return WriterWorld.event("TransportId", id, TransportId.newBuilder().setText("x").build());
  }

  private static millrace.event.v1.Event malformed(String id) {
    return WriterWorld.event("TransportId", id, ByteString.copyFrom(new byte[] {10, 99, 1}));
  }

  /** For each event: source and count of its batch's header, and its id. */
  private List<String> events(String prefix) throws Exception {
    Path python = Path.of(System.getenv().getOrDefault("MILLRACE_PYTHON", "no python"));
    assumeTrue(
        Files.isExecutable(python), "skipped: no Python environment; ./millrace prepare makes it");
    Path object = Files.write(folder.resolve("object.mrb"), world.bytes(prefix));
    Path descriptors = folder.resolve("contracts.binpb");
    try (InputStream in = getClass().getResourceAsStream("/millrace/contracts.binpb")) {
      Files.write(descriptors, in.readAllBytes());
    }
    Process process =
        new ProcessBuilder(
                python.toString(),
                "src/test/python/read_frames.py",
                descriptors.toString(),
                object.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
