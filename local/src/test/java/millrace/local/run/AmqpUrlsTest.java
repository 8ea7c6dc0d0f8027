package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class AmqpUrlsTest {
  @Test
  void passwordsOfABrokerAreNotShown() {
    assertThat(AmqpUrls.withoutPassword(URI.create("amqps://me:secret@host:5671/v")))
        .isEqualTo("amqps://me@host:5671/v");
  }
}
