package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is deployed, weighed against the last release; see functions/image/sizes.tsv. */
class PackageSizesIT {
  private static final Path ROOT = Path.of(System.getenv("MILLRACE_HOME"));
  private static final Path SIZES = ROOT.resolve("functions/image/sizes.tsv");

  @Test
  void nothing_grows_beyond_its_share_without_an_explanation() throws IOException {
    var now = new ArrayList<PackageSizes.Size>();
    now.add(
        new PackageSizes.Size(
            "millrace-writer.zip", bytes("functions/writer/target/millrace-writer.zip")));
    ConsumerJars jars = ConsumerJars.built(ROOT);
    now.add(new PackageSizes.Size("consumer's jars", sum(jars.all())));

    PackageSizes sizes = PackageSizes.read(Files.readAllLines(SIZES));

    System.out.println(sizes.table(now));
    assertThat(sizes.problems(now)).isEmpty();
  }

  @Test
  void every_service_module_of_the_sdk_in_the_zip_is_called_by_the_writer() throws IOException {
    try (var zip =
        new ZipFile(ROOT.resolve("functions/writer/target/millrace-writer.zip").toFile())) {
      List<String> jars =
          zip.stream().map(Object::toString).filter(name -> name.endsWith(".jar")).toList();
      Set<String> called =
          new TreeSet<>(
              SdkModules.calledBy(
                  List.of(
                      ROOT.resolve("functions/writer/target/classes"),
                      ROOT.resolve("functions/aws/target/classes"))));
      // the queue comes to the writer
      called.remove("sqs");
      assertThat(SdkModules.in(jars)).isEqualTo(called);
    }
  }

  private static long bytes(String file) throws IOException {
    return Files.size(ROOT.resolve(file));
  }

  private static long sum(List<Path> files) throws IOException {
    long sum = 0;
    for (Path file : files) {
      sum += Files.size(file);
    }
    return sum;
  }
}
