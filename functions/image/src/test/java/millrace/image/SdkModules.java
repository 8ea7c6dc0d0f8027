package millrace.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which modules of the AWS SDK are for a service, and which services our own classes name. */
final class SdkModules {
  private static final Pattern CALLED =
      Pattern.compile("software/amazon/awssdk/services/([a-z0-9]+)/");

  /** Modules for a service as they are packed here; the others are parts of all of them. */
  private static final Set<String> SERVICES =
      Set.of(
          "s3",
          "sqs",
          "sns",
          "kms",
          "dynamodb",
          "secretsmanager",
          "lambda",
          "ssm",
          "kinesis",
          "sts",
          "sso",
          "ssooidc",
          "signin",
          "cloudformation",
          "ecr",
          "cloudwatch");

  private SdkModules() {}

  static Set<String> in(Collection<String> jars) {
    var services = new TreeSet<String>();
    for (String jar : jars) {
      String name = jar.substring(jar.lastIndexOf('/') + 1).replaceFirst("-[0-9].*", "");
      if (SERVICES.contains(name)) {
        services.add(name);
      }
    }
    return services;
  }

  /**
   * @param classes class files, or folders of them
   */
  static Set<String> calledBy(Collection<Path> classes) throws IOException {
    var services = new TreeSet<String>();
    for (Path root : classes) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          Matcher named =
              CALLED.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
          while (named.find()) {
            services.add(named.group(1));
          }
        }
      }
    }
    return services;
  }
}
