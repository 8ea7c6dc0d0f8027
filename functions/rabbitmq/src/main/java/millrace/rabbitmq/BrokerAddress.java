package millrace.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * Where the broker is and who asks. Prints without the password.
 *
 * @param tls AMQPS, with the certificate checked against the JVM's authorities and the host name
 */
public record BrokerAddress(
    boolean tls, String host, int port, String virtualHost, String user, String password) {
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;

  /**
   * Reads {@code amqp[s]://user:password@host:port/virtual-host}.
   *
   * @throws IllegalArgumentException that names the fault and never the URL, which holds a password
   */
  public static BrokerAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException notUri) {
      throw new IllegalArgumentException("not a URL (a password may need percent-encoding)");
    }
    boolean tls = "amqps".equals(uri.getScheme());
    if (!tls && !"amqp".equals(uri.getScheme())) {
      throw new IllegalArgumentException("must begin with amqp:// or amqps://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("names no host");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (path.indexOf('/', 1) > 0) {
      throw new IllegalArgumentException("the virtual host is one part; write / in it as %2F");
    }
    String[] user = (uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo()).split(":", 2);
    return new BrokerAddress(
        tls,
        uri.getHost(),
        uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT,
        path.length() > 1 ? decode(path.substring(1)) : "/",
        decode(user[0]),
        user.length > 1 ? decode(user[1]) : "");
  }

  public BrokerAddress withCredentials(String newUser, String newPassword) {
    return new BrokerAddress(tls, host, port, virtualHost, newUser, newPassword);
  }

  void applyTo(ConnectionFactory factory) {
    factory.setHost(host);
    factory.setPort(port);
    factory.setVirtualHost(virtualHost);
    factory.setUsername(user);
    factory.setPassword(password);
    if (tls) {
      try {
        // The client's own default for amqps trusts every certificate.
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      } catch (NoSuchAlgorithmException noTls) {
        throw new SetupFailure("This Java runtime has no TLS: " + noTls.getMessage(), noTls);
      }
    }
  }

  private static String decode(String part) {
    // the decoder is for forms, where + is a blank; in a URL it is a plus
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return (tls ? "amqps://" : "amqp://") + host + ":" + port + " virtual host " + virtualHost;
  }
}
