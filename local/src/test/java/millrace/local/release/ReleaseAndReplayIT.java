package millrace.local.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import millrace.aws.S3ObjectStore;
import millrace.aws.SqsBatchQueue;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.failed.FailureClass;
import millrace.core.names.Names;
import millrace.derive.change.Migrations;
import millrace.derive.change.ModelReaders;
import millrace.derive.change.Plan;
import millrace.local.Progress;
import millrace.local.aws.EmulatorClients;
import millrace.local.publish.EventPublisher;
import millrace.local.publish.OutgoingEvent;
import millrace.local.replay.Replay;
import millrace.local.run.Pipeline;
import millrace.local.run.PipelineOptions;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.state.StateFolder;
import millrace.local.trace.FailedEventList;
import millrace.local.trace.FailedEventList.Filter;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.WarehouseClient;
import millrace.options.v1.Field;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * An event whose type nobody knows waits in quarantine until its contract is released, and is a row
 * then.
 */
class ReleaseAndReplayIT {
  private static final String TYPE = "orders.v1.OrderCancelled";
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir Path folder;

  /** The active contracts and one more. */
  private static ContractSet withOrderCancelled() throws Exception {
    var message = DescriptorProto.newBuilder().setName("OrderCancelled");
    int number = 0;
    for (String field : List.of("event_id", "order_id", "reason")) {
      message.addField(
          FieldDescriptorProto.newBuilder()
              .setName(field)
              .setNumber(++number)
              .setType(Type.TYPE_STRING)
              .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
              .setOptions(
                  FieldOptions.newBuilder()
                      .setExtension(
                          OptionsProto.field, Field.newBuilder().setPii(Pii.PII_NONE).build())));
    }
    message.setOptions(
        MessageOptions.newBuilder()
            .setExtension(
                OptionsProto.contract,
                millrace.options.v1.Contract.newBuilder()
                    .setSource("orders")
                    .setOwner("sales")
                    .addEventId("event_id")
                    .addKey("order_id")
                    .build()));
    var file =
        FileDescriptorProto.newBuilder()
            .setName("orders/v1/order_cancelled.proto")
            .setPackage("orders.v1")
            .setSyntax("proto3")
            .addDependency("millrace/options/v1/options.proto")
            .addMessageType(message);
    return ContractSet.parse(
        FileDescriptorSet.parseFrom(ContractSet.builtIn().descriptorSet()).toBuilder()
            .addFile(file)
            .build()
            .toByteArray());
  }

  /** A copy of the checkout's migrations and those that the set needs. */
  private Path migrationsOf(Checkout checkout, ContractSet contracts) throws IOException {
    Path migrations = checkout.home().resolve("snowflake/migrations");
    Path copy = folder.resolve("migrations");
    try (var files = Files.walk(migrations)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(migrations.relativize(file)));
      }
    }
    Plan plan =
        Plan.of(ContractSet.builtIn(), contracts, new ModelReaders(checkout.home().resolve("dbt")));
    Migrations.write(Migrations.of(plan, Migrations.in(copy)), copy);
    return copy;
  }

  private static Message cancelled(Contract contract, String eventId) {
    var type = contract.descriptor();
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName("event_id"), eventId)
        .setField(type.findFieldByName("order_id"), "order-1")
        .setField(type.findFieldByName("reason"), "CUSTOMER_REQUEST")
        .build();
  }

  private static void await(String what, BooleanSupplier done) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!done.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting for " + what).isBefore(end);
      Thread.sleep(1_000);
    }
  }

  @Test
  void anEventOfAnUnknownTypeBecomesARowAfterReleaseAndReplay() throws Exception {
    ContractSet contracts = withOrderCancelled();
    Contract contract =
        contracts.contracts().stream().filter(c -> c.type().equals(TYPE)).findFirst().orElseThrow();
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Progress progress = Progress.elapsed(System.out, System::nanoTime);
    try (StateFolder state = StateFolder.open(folder.resolve("run"), "test");
        Pipeline pipeline =
            Pipeline.start(checkout, state, PipelineOptions.once("parquet"), progress);
        WarehouseClient warehouse = pipeline.warehouse("RAW")) {
      Endpoints endpoints = pipeline.endpoints();
      String database = Names.of(endpoints.environment()).database();
      var clients =
          new EmulatorClients(
              URI.create(endpoints.awsEndpoint()), endpoints.region(), endpoints.account());
      try (EventPublisher publisher =
          EventPublisher.connect(endpoints.amqpUrl(), 10, InstantSource.system())) {
        byte[] payload = cancelled(contract, "cancelled-1").toByteArray();
        publisher.publish(
            new OutgoingEvent("orders", TYPE, "cancelled-1", OutgoingEvent.PROTOBUF, payload),
            (event, outcome) -> {});
        assertThat(publisher.awaitOutcomes(Duration.ofSeconds(30))).isTrue();
      }
      var failed = new FailedEventList(warehouse, database);
      var unknown =
          new Filter(Optional.of(FailureClass.UNKNOWN_TYPE), Optional.empty(), Optional.empty());
      await("the failed event", () -> failed.count(unknown) == 1);

      try (S3Client s3 = clients.s3();
          SqsClient sqs = clients.sqs()) {
        var store = new S3ObjectStore(s3, endpoints.bucket());
        Path migrations = migrationsOf(checkout, contracts);
        var running =
            new RunningWarehouse(
                checkout, migrations, endpoints, warehouse, database, folder.resolve("log"));
        var released = new ContractRelease(store, running, progress).release(contracts);
        assertThat(released.added()).containsExactly(TYPE);

        var replay = new Replay(store, new SqsBatchQueue(sqs, endpoints.queueUrl()), progress);
        List<String> keys = failed.quarantineKeys(unknown);
        String row =
            "select count(*) from "
                + EventTables.of(database, contract).raw()
                + " where _event_id = 'cancelled-1' and reason = 'CUSTOMER_REQUEST'";
        // The writer reads the pointer again only now and then; until it does, the event fails as
        // before.
        Instant[] sentAt = {Instant.MIN};
        await(
            "the row",
            () -> {
              if (Instant.now().isAfter(sentAt[0].plusSeconds(20))) {
                assertThat(replay.send(keys, false).events()).isEqualTo(1);
                sentAt[0] = Instant.now();
              }
              return warehouse.query(row).count() == 1;
            });
      }
    }
  }
}
