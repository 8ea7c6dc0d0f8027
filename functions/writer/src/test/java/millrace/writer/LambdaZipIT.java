package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import millrace.aws.Emulator;
import millrace.aws.S3ObjectStore;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.names.EnvironmentKeys;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The zip that is deployed holds everything the function needs, and nothing of what was found to be
 * unneeded.
 */
class LambdaZipIT {
  private static final Path ZIP = Path.of("target", "millrace-writer.zip");

  /** Lambda's limit is 50 MB for a direct upload; a library that slips in shows here first. */
  private static final long MOST_BYTES = 40_000_000;

  @TempDir private Path folder;

  @Test
  void the_unpacked_zip_runs_without_the_build_around_it() throws Exception {
    String bucket = Emulator.get().bucket("zip");
    unpack();
    var world = new WriterWorld();
    byte[] frame =
        BatchFrame.encode(
            world.batch(
                WriterWorld.event("Unknown", "1", TransportId.newBuilder().setText("x").build())));
    var process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            folder + java.io.File.pathSeparator + folder.resolve("lib") + "/*",
            "src/test/smoke/InvokeOnce.java",
            BatchBody.inline(frame));
    process.environment().putAll(Emulator.get().environment());
    process
        .environment()
        .putAll(
            Map.of(
                EnvironmentKeys.ENVIRONMENT, "dev",
                EnvironmentKeys.BUCKET, bucket,
                EnvironmentKeys.PAYLOAD_HASH_SECRET, Emulator.get().secret("payload"),
                EnvironmentKeys.PERSONAL_HASH_SECRET, Emulator.get().secret("personal"),
                EnvironmentKeys.SUBJECT_KEY_TABLE, Emulator.get().subjectKeyTable(),
                EnvironmentKeys.SUBJECT_KEY_WRAPPING_KEY, Emulator.get().kmsKey(),
                EnvironmentKeys.QUARANTINE_KEY, Emulator.get().kmsKey()));

    Process running = process.redirectErrorStream(true).start();
    String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    System.out.println(
        ZIP + ": " + Files.size(ZIP) + " bytes; " + output.lines().toList().getLast());
    assertThat(running.waitFor()).as(output).isZero();
    assertThat(output).contains("failures: 0").contains("\"FailedEvents\":1");
    try (var objects = new S3ObjectStore(Emulator.get().clients().s3(), bucket).list("")) {
      assertThat(objects.map(object -> object.key().replaceAll("/.*", "")))
          .containsExactly("failed", "quarantine");
    }
  }

  @Test
  void the_zip_has_no_second_http_client_no_hadoop_and_no_test_library() throws IOException {
    assertThat(Files.size(ZIP)).isLessThan(MOST_BYTES);
    assertThat(entries())
        .contains("millrace/writer/WriterHandler.class")
        .anyMatch(name -> name.startsWith("lib/url-connection-client-"))
        .anyMatch(name -> name.matches("linux/aarch64/libzstd-jni-.*\\.so"))
        .noneMatch(name -> name.matches("(win|aix|freebsd|lib/zstd).*"))
        .noneMatch(
            name ->
                name.matches(
                    "lib/(netty|apache-client|httpclient|hadoop|sqs-|junit|duckdb|testcontainers).*"));
  }

  private List<String> entries() throws IOException {
    var names = new ArrayList<String>();
    try (var zip = new ZipFile(ZIP.toFile())) {
      zip.stream().map(ZipEntry::getName).forEach(names::add);
    }
    return names;
  }

  private void unpack() throws IOException {
    try (var zip = new ZipFile(ZIP.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target);
          }
        }
      }
    }
  }
}
