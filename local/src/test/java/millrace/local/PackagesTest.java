package millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class PackagesTest {
  private static final JavaClasses LOCAL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("millrace.local");

  @Test
  void no_two_packages_need_each_other() {
    assertThat(LOCAL.size()).isGreaterThan(80);
    SlicesRuleDefinition.slices()
        .matching("millrace.local.(*)..")
        .should()
        .beFreeOfCycles()
        .check(LOCAL);
  }

  @Test
  void child_processes_know_nothing_of_what_they_run() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage("millrace.local.process", "millrace.local.state")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "millrace.local.run",
            "millrace.local.demo",
            "millrace.local.warehouse",
            "millrace.local.model")
        .check(LOCAL);
  }

  @Test
  void the_rules_of_a_backfill_know_neither_jdbc_nor_a_cloud() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("millrace.local.backfill")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "org.postgresql..",
            "software.amazon..",
            "millrace.aws..",
            "millrace.local.backfill.postgres")
        .check(LOCAL);
  }
}
