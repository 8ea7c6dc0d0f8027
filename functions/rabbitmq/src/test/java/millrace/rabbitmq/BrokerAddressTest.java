package millrace.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
  @Test
  void reads_every_part_and_decodes_it() {
    assertThat(BrokerAddress.parse("amqps://us%40er:p%2Fa+s%3As@mq.example:5999/%2Fprod"))
        .isEqualTo(new BrokerAddress(true, "mq.example", 5999, "/prod", "us@er", "p/a+s:s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amqp://u:p@host", "amqp://u:p@host/", "amqp://u:p@host:5672/%2F"})
  void no_virtual_host_is_the_default_one(String url) {
    assertThat(BrokerAddress.parse(url))
        .isEqualTo(new BrokerAddress(false, "host", 5672, "/", "u", "p"));
  }

  @Test
  void amqps_has_its_own_port() {
    assertThat(BrokerAddress.parse("amqps://host").port()).isEqualTo(5671);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:s3cret@host",
        "amqp://u:s3cret@",
        "amqp://u:s3cret@h/a/b",
        "amqp://u:s3 cret@h"
      })
  void says_what_is_wrong_without_the_password(String url) {
    assertThatThrownBy(() -> BrokerAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("cret");
  }

  @Test
  void never_prints_the_password() {
    assertThat(BrokerAddress.parse("amqp://u:s3cret@host/v").toString())
        .isEqualTo("amqp://host:5672 virtual host v");
  }
}
