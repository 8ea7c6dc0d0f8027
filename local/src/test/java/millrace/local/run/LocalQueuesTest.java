package millrace.local.run;

import static millrace.core.contract.ContractProtos.event;
import static millrace.core.contract.ContractProtos.file;
import static millrace.core.contract.ContractProtos.set;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import millrace.core.contract.ContractSet;
import millrace.options.v1.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalQueuesTest {
  @TempDir Path objects;

  @Test
  void withoutAReleaseTheQueuesAreThoseOfTheContractsInTheProgram() {
    assertThat(LocalQueues.ofRun(objects)).isEqualTo(LocalQueues.of(ContractSet.builtIn()));
    assertThat(LocalQueues.ofRun(objects).names()).contains("millrace.orders", "millrace.shipping");
  }

  @Test
  void aReleasedSetBringsTheQueuesOfItsSources() throws Exception {
    var released =
        ContractSet.parse(
            set(
                file("a.proto", "a.v1")
                    .addMessageType(
                        event("A", Contract.newBuilder().setSource("newcomer").setOwner("o")))));
    Files.createDirectories(objects.resolve("contracts"));
    Files.writeString(objects.resolve("contracts/active"), released.digest());
    Files.write(
        objects.resolve("contracts/" + released.digest() + ".binpb"), released.descriptorSet());

    LocalQueues queues = LocalQueues.ofRun(objects);

    assertThat(queues.routingKeys()).containsExactly("newcomer.#");
    assertThat(queues.consumerSetting()).isEqualTo("millrace.newcomer=newcomer:newcomer.#");
  }
}
