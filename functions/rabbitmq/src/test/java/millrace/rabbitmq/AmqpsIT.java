package millrace.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.TrafficListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AMQPS through a proxy that ends TLS, as the listener of Amazon MQ does. */
class AmqpsIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;
  private SSLContext before;

  @BeforeEach
  void needsRabbit() throws Exception {
    assumeTrue(RabbitServer.get().isPresent(), RabbitServer.ABSENT);
    before = SSLContext.getDefault();
  }

  @AfterEach
  void trustAsBefore() {
    if (before != null) {
      SSLContext.setDefault(before);
    }
  }

  @Test
  void a_broker_with_a_certificate_of_a_trusted_authority_for_its_name_is_reached()
      throws Exception {
    KeyStore certificate = certificate("ip:127.0.0.1");
    SSLContext.setDefault(trusting(certificate));

    try (CuttableProxy listener = listener(certificate);
        Connection connection = connect(listener)) {
      assertThat(connection.isOpen()).isTrue();
      assertThat(connection.createChannel().queueDeclare().getQueue()).isNotEmpty();
    }
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    try (CuttableProxy listener = listener(certificate("ip:127.0.0.1"))) {
      assertThatThrownBy(() -> connect(listener).close())
          .isInstanceOf(EnvironmentFailure.class)
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void a_trusted_certificate_of_another_host_is_refused() throws Exception {
    KeyStore certificate = certificate("dns:mq.example");
    SSLContext.setDefault(trusting(certificate));

    try (CuttableProxy listener = listener(certificate)) {
      assertThatThrownBy(() -> connect(listener).close())
          .isInstanceOf(EnvironmentFailure.class)
          .hasMessageContaining("127.0.0.1");
    }
  }

  private static Connection connect(CuttableProxy listener) {
    return Amqp.connect(
        BrokerAddress.parse("amqps://guest:guest@127.0.0.1:" + listener.port() + "/"),
        "test",
        TrafficListener.NO_OP);
  }

  private static CuttableProxy listener(KeyStore certificate) throws GeneralSecurityException {
    BrokerAddress broker = RabbitServer.get().orElseThrow().address();
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificate, PASSWORD);
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(keys.getKeyManagers(), null, null);
    return new CuttableProxy(broker.host(), broker.port(), server.getServerSocketFactory());
  }

  private static SSLContext trusting(KeyStore certificate)
      throws GeneralSecurityException, IOException {
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, PASSWORD);
    authorities.setCertificateEntry("broker", certificate.getCertificate("broker"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trust.getTrustManagers(), null);
    return client;
  }

  /** A self-signed certificate, made by the JDK's own tool. */
  private KeyStore certificate(String subjectAlternativeName) throws Exception {
    Path file = folder.resolve("broker.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "broker",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=broker",
                    "-ext",
                    "san=" + subjectAlternativeName,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor()).as(() -> read(folder.resolve("keytool.txt"))).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
