package millrace.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.ConsumerImage;

/**
 * The layers of the image, what changes least first: a push carries what changed and above.
 * Everything belongs to root, carries the same time and may be read by all, written by none.
 */
final class ImageContent {
  static final String JAVA_HOME = "/opt/java";

  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
  private static final FilePermissions ANYBODY = FilePermissions.fromOctalString("777");

  private final ConsumerJars jars;
  private final Path consumerBom;
  private final Path work;

  /**
   * @param root of the checkout
   * @param work folder for what is made on the way
   */
  ImageContent(Path root, Path work) {
    this.jars = ConsumerJars.built(root);
    this.consumerBom = root.resolve("functions/consumer/target/millrace-consumer.cdx.json");
    this.work = work;
  }

  ConsumerJars jars() {
    return jars;
  }

  /** Whole: runtime and libraries of this machine below, the consumer above. */
  List<FileEntriesLayer> onScratch(String architecture) {
    Path runtime = LinkedRuntime.in(work);
    Path zstd = zstd(architecture);
    List<Path> system = NativeLibraries.neededBy(runtime, List.of(zstd));
    var natives = new TreeMap<String, Path>();
    system.forEach(library -> natives.put(library.toString(), library));
    natives.put(ConsumerImage.ZSTD, zstd);
    var layers = new ArrayList<FileEntriesLayer>();
    layers.add(runtime(runtime, system));
    layers.addAll(
        consumer(zstd, ImageBom.of(consumerBom, Optional.of(runtime), natives, Optional.empty())));
    return layers;
  }

  /** The consumer alone: Java comes with the base. */
  List<FileEntriesLayer> on(ImageReference base, String architecture) {
    Path zstd = zstd(architecture);
    return consumer(
        zstd,
        ImageBom.of(
            consumerBom, Optional.empty(), Map.of(ConsumerImage.ZSTD, zstd), Optional.of(base)));
  }

  private Path zstd(String architecture) {
    return ZstdLibrary.unpacked(jars.library("zstd-jni"), architecture, work);
  }

  private FileEntriesLayer runtime(Path runtime, List<Path> system) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("runtime");
    try (Stream<Path> files = Files.walk(runtime)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.startsWith(runtime.resolve("bin")) && !file.endsWith("java")) {
          continue; // keytool and its like
        }
        add(layer, file, JAVA_HOME + "/" + runtime.relativize(file), Files.isExecutable(file));
      }
      for (Path library : system) {
        add(layer, library.toRealPath(), library.toString(), true);
      }
      layer.addEntry(
          Files.createDirectories(work.resolve("tmp")), AbsoluteUnixPath.get("/tmp"), ANYBODY);
      add(layer, written("passwd", passwd()), "/etc/passwd", false);
    } catch (IOException e) {
      throw new SetupFailure("the runtime cannot be packed: " + e.getMessage(), e);
    }
    return layer.build();
  }

  private List<FileEntriesLayer> consumer(Path zstd, String bom) {
    FileEntriesLayer.Builder libraries = FileEntriesLayer.builder().setName("libraries");
    Path whole = jars.library("zstd-jni");
    jars.libraries()
        .forEach(
            jar ->
                add(
                    libraries,
                    jar.equals(whole) ? ZstdLibrary.slim(jar, work) : jar,
                    ConsumerJars.place(jar),
                    false));
    add(libraries, zstd, ConsumerImage.ZSTD, true);
    FileEntriesLayer.Builder ours = FileEntriesLayer.builder().setName("consumer");
    jars.ours().forEach(jar -> add(ours, jar, ConsumerJars.place(jar), false));
    add(ours, written("class-path", jars.classPath()), ConsumerImage.CLASS_PATH_FILE, false);
    add(ours, written("sbom.json", bom), ConsumerImage.BOM, false);
    return List.of(libraries.build(), ours.build());
  }

  /** The JVM asks who it is. */
  private static String passwd() {
    String[] ids = ConsumerImage.USER.split(":");
    return "root:x:0:0:root:/:\nmillrace:x:" + ids[0] + ":" + ids[1] + ":millrace:/tmp:\n";
  }

  private Path written(String name, String text) {
    try {
      return Files.writeString(Files.createDirectories(work).resolve(name), text);
    } catch (IOException e) {
      throw new SetupFailure(name + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static void add(
      FileEntriesLayer.Builder layer, Path file, String place, boolean isProgram) {
    layer.addEntry(
        file,
        AbsoluteUnixPath.get(place),
        isProgram ? PROGRAM : FilePermissions.DEFAULT_FILE_PERMISSIONS);
  }
}
