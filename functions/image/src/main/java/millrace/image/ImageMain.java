package millrace.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * What {@code ./millrace image} starts, with {@code key=value} arguments: those of {@link
 * ImageRequest}, {@code root}, the checkout, and {@code json}.
 */
public final class ImageMain {
  private static final int SETUP = 2;

  private ImageMain() {}

  public static void main(String[] arguments) throws InterruptedException, IOException {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      wanted.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Path root = Path.of(String.valueOf(wanted.remove("root"))).toAbsolutePath();
    boolean json = Boolean.parseBoolean(wanted.remove("json"));
    try {
      ImageRequest request =
          ImageRequest.of(wanted, root.resolve("functions/image/target/millrace-consumer.tar"));
      ImageBuild.Made made =
          new ImageBuild(root, false, ImageMain::password, System.err::println).run(request);
      System.out.println(json ? json(made) : text(made));
    } catch (SetupFailure failure) {
      System.err.println("millrace: " + failure.getMessage());
      System.exit(SETUP);
    }
  }

  private static String json(ImageBuild.Made made) throws IOException {
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(made);
  }

  private static String text(ImageBuild.Made made) {
    return made.bytes() == 0
        ? made.image() + "\ntag " + made.tag() + ", linux/" + made.architecture()
        : made.image()
            + "\nmillrace-consumer:"
            + made.tag()
            + ", linux/"
            + made.architecture()
            + ", "
            + made.bytes()
            + " bytes, "
            + made.digest();
  }

  private static String password() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new SetupFailure("no password on standard input: " + e.getMessage(), e);
    }
  }
}
