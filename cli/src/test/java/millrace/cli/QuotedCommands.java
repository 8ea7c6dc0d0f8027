package millrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that the documents tell a reader to type, in the order of the documents. */
final class QuotedCommands {
  private static final Pattern FENCED = Pattern.compile("(?ms)^```[a-z]*\\n(.*?)^```");
  private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");

  /** What a command begins with. All else in such quotes is output, a path or a word. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:\\./millrace|\\./mvnw|\\.millrace/venv/bin/\\S+|python3?|git|uv|cdk|dbt|docker|cd) .*");

  /** Where the shell would see a comment, or the demo's output an explanation. */
  private static final Pattern EXPLANATION = Pattern.compile("\\s+#\\s.*|(?<=\\S)\\s{2,}\\S.*");

  private QuotedCommands() {}

  /** Those of README.md and of everything below docs/. */
  static List<String> of(Path checkout) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    found.addAll(in(Files.readString(checkout.resolve("README.md"))));
    try (Stream<Path> documents = Files.walk(checkout.resolve("docs"))) {
      documents
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .forEach(file -> found.addAll(in(read(file))));
    }
    return List.copyOf(found);
  }

  static Set<String> in(String document) {
    Set<String> found = new LinkedHashSet<>();
    Matcher fenced = FENCED.matcher(document);
    while (fenced.find()) {
      fenced.group(1).lines().forEach(line -> add(found, line));
    }
    Matcher inline = INLINE.matcher(FENCED.matcher(document).replaceAll(""));
    while (inline.find()) {
      add(found, inline.group(1));
    }
    return found;
  }

  private static void add(Set<String> found, String quoted) {
    String line = EXPLANATION.matcher(quoted.strip()).replaceFirst("");
    if (COMMAND.matcher(line).matches()) {
      found.add(line);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
