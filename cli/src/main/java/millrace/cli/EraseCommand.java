package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.aws.DynamoDbSubjectKeyStore;
import millrace.aws.SecretsManagerSecrets;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.core.treat.PersonalHash;
import millrace.local.aws.EmulatorClients;
import millrace.local.erase.EncryptedRows;
import millrace.local.erase.EncryptedRows.OfType;
import millrace.local.erase.Erase;
import millrace.local.erase.Erase.Outcome;
import millrace.local.state.Endpoints;
import millrace.local.trace.ObjectFolder;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

@Command(
    name = "erase",
    description = {
      "Make everything that was encrypted for a person unreadable, by forgetting the data key.",
      "Archive, files, tables and marts stay as they are; no copy of a value can be read, after a",
      "replay neither. A running writer forgets the key within five minutes. Hashed values and the",
      "person's id stay. Exit code 1: nothing was ever encrypted for such a person."
    })
final class EraseCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--subject",
      paramLabel = "ID",
      required = true,
      description = "The person's id as events have it, or its hash as the warehouse has it.")
  String subject = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Report this type only; the key is the person's in all of them.")
  @Nullable String type;

  @Option(names = "--dry-run", description = "Only say what would become unreadable.")
  boolean dryRun;

  @Option(names = "--json", description = "Report as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "erase", "not there yet");
    Endpoints endpoints = run.kept();
    if (subject.isBlank()) {
      throw new SetupFailure("--subject is empty: name the person");
    }
    Names names = Names.of(endpoints.environment());
    var rows =
        new EncryptedRows(
            LocalContracts.of(new ObjectFolder(endpoints.objects())), names.database());
    @Nullable String only = type;
    if (only != null && !rows.types().contains(only)) {
      throw new SetupFailure(
          "no active contract "
              + only
              + " encrypts anything; those that do: "
              + String.join(", ", rows.types()));
    }
    EmulatorClients clients = EmulatorClients.of(endpoints);
    try (DynamoDbClient dynamoDb = clients.dynamoDb();
        SecretsManagerClient secrets = clients.secretsManager();
        WarehouseClient warehouse =
            new WarehouseClient(URI.create(endpoints.warehouseUrl()), names.database(), "RAW")) {
      var erase =
          new Erase(
              new DynamoDbSubjectKeyStore(dynamoDb, names.subjectKeyTable()),
              new PersonalHash(
                  new SecretsManagerSecrets(secrets).secret(names.personalHashSecret())),
              InstantSource.system());
      // Counted first: a report that cannot be made erases nothing.
      List<OfType> found =
          rows.of(
              Optional.ofNullable(only),
              subject,
              erase.name(subject),
              query -> warehouse.query(query).count());
      Outcome outcome = erase.erase(subject, dryRun);
      report(erase.name(subject), outcome, found);
      return outcome == Outcome.UNKNOWN ? FailureSentence.BAD_RESULT : FailureSentence.GOOD;
    }
  }

  private void report(String name, Outcome outcome, List<OfType> found) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode report =
          JSON.createObjectNode().put("subject", name).put("outcome", outcome.name());
      var types = report.putArray("types");
      for (OfType each : found) {
        ObjectNode one = types.addObject().put("type", each.type());
        each.fields().forEach(one.putArray("fields")::add);
        if (each.rows().isPresent()) {
          one.put("rows", each.rows().getAsLong());
        } else {
          one.putNull("rows");
        }
      }
      out.println(report);
      return;
    }
    out.println(
        switch (outcome) {
          case ERASED -> "erased: the data key of " + name + " is gone";
          case ERASED_BEFORE -> "erased before: " + name + " has no data key";
          case WOULD_ERASE -> "would erase the data key of " + name;
          case UNKNOWN ->
              "unknown: nothing was ever encrypted for this person ("
                  + name
                  + "); is the id right?";
        });
    if (outcome == Outcome.UNKNOWN) {
      return;
    }
    for (OfType each : found) {
      out.println(
          each.type()
              + ": "
              + String.join(", ", each.fields())
              + (each.rows().isPresent()
                  ? " of " + each.rows().getAsLong() + " rows"
                  : ", rows not counted"));
    }
  }
}
