package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NIST80053R5Checks;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagReportFormat;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.ServerlessChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import millrace.infra.stack.Stacks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;

/**
 * The rules of AWS Solutions, of Serverless and of NIST 800-53 R5, on every stack. What we do not
 * obey stands in {@code nag/acknowledged.csv} with the reason, and when to think again.
 */
class NagTest {
  /**
   * A rule that we do not obey.
   *
   * @param id pack and rule, as a finding has it
   * @param rule cdk-nag's own name of it; two packs may hold the same rule under two ids
   * @param price of obeying it, or empty when money is not the reason
   */
  private record Acknowledged(
      String id, String rule, LocalDate reviewBy, String price, String reason) {}

  /** Ids that may be put aside for other reasons than money. */
  private static final int MOST = 8;

  private static final Path TABLE = Path.of("src/test/resources/nag/acknowledged.csv");
  private static final List<Acknowledged> ACKNOWLEDGED = acknowledged();
  private static final Set<String> OPEN = new TreeSet<>();
  private static final Set<String> USED = new TreeSet<>();

  @BeforeAll
  static void check() throws IOException {
    for (String environment : List.of("dev", "prod")) {
      Path folder = SynthesizedApp.of(Map.of("env", environment), NagTest::prepare).folder();
      try (var reports = Files.newDirectoryStream(folder, "*-NagReport.json")) {
        for (Path report : reports) {
          for (JsonNode line : SynthesizedApp.JSON.readTree(report.toFile()).path("lines")) {
            if (line.path("compliance").asText().equals("Suppressed")) {
              USED.add(line.path("ruleId").asText());
            } else if (!line.path("compliance").asText().equals("Compliant")) {
              OPEN.add(line.path("ruleId").asText() + " " + line.path("resourceId").asText());
            }
          }
        }
      }
    }
  }

  @Test
  void no_finding_is_open() {
    assertThat(OPEN).isEmpty();
  }

  @Test
  void nothing_is_acknowledged_that_is_obeyed() {
    assertThat(USED).isEqualTo(new TreeSet<>(ACKNOWLEDGED.stream().map(Acknowledged::id).toList()));
  }

  @Test
  void every_acknowledgement_has_a_reason_and_a_day_to_think_again() {
    assertThat(ACKNOWLEDGED)
        .allSatisfy(
            each -> {
              assertThat(each.reason()).as(each.id()).hasSizeGreaterThan(40);
              assertThat(each.reviewBy()).as(each.id()).isAfter(LocalDate.of(2026, 11, 1));
            });
  }

  /** Counted by ids: a rule that two packs ask for counts twice. */
  @Test
  void no_more_than_eight_are_put_aside_for_other_reasons_than_money() {
    assertThat(ids(false)).hasSizeLessThanOrEqualTo(MOST);
    assertThat(ACKNOWLEDGED)
        .filteredOn(each -> !each.price().isEmpty())
        .as("a price is a sum, or what there would be to pay for")
        .allMatch(each -> each.price().matches(".*[0-9]+\\.?[0-9]* USD.*|storage .*"));
  }

  /** What a reviewer reads; beside it CDK leaves a report of every rule and resource. */
  @Test
  void the_report_says_what_is_open_and_what_is_put_aside() throws IOException {
    var report = new StringBuilder("# cdk-nag: AwsSolutions, Serverless, NIST 800-53 R5\n\n");
    report.append("Open findings: %d\n\n".formatted(OPEN.size()));
    OPEN.forEach(finding -> report.append("- ").append(finding).append('\n'));
    for (boolean priced : new boolean[] {false, true}) {
      List<Acknowledged> listed =
          ACKNOWLEDGED.stream().filter(each -> each.price().isEmpty() != priced).toList();
      report.append(
          "## %d ids (%d rules) put aside %s\n\n"
              .formatted(
                  ids(priced).size(),
                  rules(priced).size(),
                  priced
                      ? "because obeying costs money and protects nothing"
                      : "for a reason, of at most " + MOST));
      report.append("| rule | ids | review by | price | reason |\n|---|---|---|---|---|\n");
      for (String rule : rules(priced)) {
        List<Acknowledged> same = listed.stream().filter(each -> each.rule().equals(rule)).toList();
        report.append(
            "| %s | %s | %s | %s | %s |\n"
                .formatted(
                    rule,
                    String.join(", ", same.stream().map(Acknowledged::id).toList()),
                    same.getFirst().reviewBy(),
                    same.getFirst().price(),
                    same.getFirst().reason()));
      }
      report.append('\n');
    }
    Path file = Files.writeString(Path.of("target/nag-report.md"), report);
    System.out.println(
        "cdk-nag: %d open, %d ids put aside for a reason, %d for a price; see infra/%s"
            .formatted(OPEN.size(), ids(false).size(), ids(true).size(), file));
    assertThat(Files.readString(file)).contains("Open findings: 0", "put aside for a reason");
  }

  private static List<String> ids(boolean priced) {
    return ACKNOWLEDGED.stream()
        .filter(each -> each.price().isEmpty() != priced)
        .map(Acknowledged::id)
        .toList();
  }

  private static Set<String> rules(boolean priced) {
    return new TreeSet<>(
        ACKNOWLEDGED.stream()
            .filter(each -> each.price().isEmpty() != priced)
            .map(Acknowledged::rule)
            .toList());
  }

  private static void prepare(App app, Stacks stacks) {
    List<NagReportFormat> json = List.of(NagReportFormat.JSON);
    Aspects.of(app).add(AwsSolutionsChecks.Builder.create().reportFormats(json).build());
    Aspects.of(app).add(ServerlessChecks.Builder.create().reportFormats(json).build());
    Aspects.of(app).add(NIST80053R5Checks.Builder.create().reportFormats(json).build());
    List<NagPackSuppression> suppressions =
        ACKNOWLEDGED.stream()
            .map(each -> NagPackSuppression.builder().id(each.id()).reason(each.reason()).build())
            .toList();
    for (Stack stack : stacks.all()) {
      NagSuppressions.addStackSuppressions(stack, suppressions);
    }
  }

  private static List<Acknowledged> acknowledged() {
    try {
      List<Acknowledged> found = new ArrayList<>();
      for (String line : Files.readAllLines(TABLE)) {
        if (!line.startsWith("#")) {
          String[] columns = line.split(",", 5);
          found.add(
              new Acknowledged(
                  columns[0], columns[1], LocalDate.parse(columns[2]), columns[3], columns[4]));
        }
      }
      return found;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
