package millrace.image;

import com.google.cloud.tools.jib.api.ImageReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Property;
import org.cyclonedx.parsers.JsonParser;
import org.cyclonedx.util.BomUtils;

/**
 * The image's bill of materials, as CycloneDX JSON: that of the consumer's jars, which Maven knows,
 * and what the image has beside them.
 */
final class ImageBom {
  private static final String PLACE = "millrace:path";

  private ImageBom() {}

  /**
   * @param jars CycloneDX JSON of the consumer's build
   * @param runtime home of the linked Java runtime; empty on a base, whose own list tells of it
   * @param natives native libraries, by their path in the image
   * @param base what the image stands on; empty on {@code scratch}
   */
  static String of(
      Path jars, Optional<Path> runtime, Map<String, Path> natives, Optional<ImageReference> base) {
    try {
      Bom bom = new JsonParser().parse(jars.toFile());
      var components = new ArrayList<Component>(bom.getComponents());
      if (runtime.isPresent()) {
        components.add(java(runtime.get()));
      }
      for (Map.Entry<String, Path> library : natives.entrySet()) {
        components.add(library(library.getKey(), library.getValue()));
      }
      base.ifPresent(image -> components.add(container(image)));
      bom.setComponents(components);
      bom.getMetadata().getComponent().setType(Component.Type.CONTAINER);
      // the library's default is now, and the same jars would be another image tomorrow
      bom.getMetadata().setTimestamp(null);
      return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n";
    } catch (ParseException | GeneratorException | IOException e) {
      throw new SetupFailure(
          "the bill of materials cannot be made from " + jars + ": " + e.getMessage(), e);
    }
  }

  private static Component java(Path runtime) throws IOException {
    Component java = component(Component.Type.PLATFORM, "java", Runtime.version().toString());
    java.setPublisher(System.getProperty("java.vendor"));
    java.setHashes(sha256(runtime.resolve("lib/modules")));
    java.addProperty(property(PLACE, "/opt/java/lib/modules"));
    java.addProperty(property("millrace:modules", String.join(",", LinkedRuntime.MODULES)));
    return java;
  }

  private static Component library(String place, Path file) throws IOException {
    Component library =
        component(Component.Type.FILE, place.substring(place.lastIndexOf('/') + 1), null);
    library.setBomRef("file:" + place);
    library.setHashes(sha256(file));
    library.addProperty(property(PLACE, place));
    return library;
  }

  private static Component container(ImageReference image) {
    Component base =
        component(
            Component.Type.CONTAINER,
            image.getRegistry() + "/" + image.getRepository(),
            image.getDigest().orElseThrow());
    base.setDescription("What the image stands on");
    return base;
  }

  private static Component component(
      Component.Type type, String name, @org.jspecify.annotations.Nullable String version) {
    var component = new Component();
    component.setType(type);
    component.setName(name);
    component.setBomRef(type.getTypeName() + ":" + name);
    if (version != null) {
      component.setVersion(version);
    }
    return component;
  }

  private static List<Hash> sha256(Path file) throws IOException {
    return BomUtils.calculateHashes(
        file.toFile(), Version.VERSION_16, List.of(Hash.Algorithm.SHA_256));
  }

  private static Property property(String name, String value) {
    var property = new Property();
    property.setName(name);
    property.setValue(value);
    return property;
  }
}
