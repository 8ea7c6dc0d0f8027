package millrace.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of the distribution protocol as a push and a pull need, in memory, with a certificate
 * that nobody signed.
 */
final class FakeRegistry implements AutoCloseable {
  private final HttpsServer server;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final boolean refuses;

  record Manifest(String type, byte[] bytes) {}

  /**
   * @param refuses whether it lets nobody in
   * @param folder for its certificate
   */
  FakeRegistry(boolean refuses, Path folder) throws Exception {
    this.refuses = refuses;
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate(folder.resolve("keys"))));
    server.createContext("/v2/", this::answer);
    server.start();
  }

  String address() {
    return "localhost:" + server.getAddress().getPort();
  }

  byte[] blob(String digest) {
    return blobs.get(digest);
  }

  byte[] manifest(String reference) {
    return manifests.get(reference).bytes();
  }

  boolean has(String reference) {
    return manifests.containsKey(reference);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static SSLContext certificate(Path keys) throws Exception {
    if (Files.notExists(keys)) {
      String[] made = {
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "registry",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-storepass",
        "secret",
        "-keystore",
        keys.toString()
      };
      if (new ProcessBuilder(made).start().waitFor() != 0) {
        throw new IllegalStateException("keytool made no key");
      }
    }
    KeyStore store = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void answer(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readAllBytes();
    String path = call.getRequestURI().getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (refuses) {
      call.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
      send(call, 401, new byte[0]);
    } else if (path.equals("/v2/")) {
      send(call, 200, new byte[0]);
    } else if (path.contains("/blobs/uploads/")) {
      upload(call, last, body);
    } else if (path.contains("/blobs/")) {
      byte[] blob = blobs.get(last);
      send(call, blob == null ? 404 : 200, blob == null ? new byte[0] : blob);
    } else if (call.getRequestMethod().equals("PUT")) {
      var manifest = new Manifest(call.getRequestHeaders().getFirst("Content-Type"), body);
      manifests.put(last, manifest);
      manifests.put(digest(body), manifest);
      call.getResponseHeaders().add("Docker-Content-Digest", digest(body));
      send(call, 201, new byte[0]);
    } else {
      Manifest manifest = manifests.get(last);
      if (manifest != null) {
        call.getResponseHeaders().add("Content-Type", manifest.type());
        call.getResponseHeaders().add("Docker-Content-Digest", digest(manifest.bytes()));
      }
      send(call, manifest == null ? 404 : 200, manifest == null ? new byte[0] : manifest.bytes());
    }
  }

  private void upload(HttpExchange call, String id, byte[] body) throws IOException {
    switch (call.getRequestMethod()) {
      case "POST" -> {
        String made = UUID.randomUUID().toString();
        uploads.put(made, new ByteArrayOutputStream());
        call.getResponseHeaders().add("Location", call.getRequestURI().getPath() + made);
        send(call, 202, new byte[0]);
      }
      case "PATCH" -> {
        uploads.get(id).writeBytes(body);
        call.getResponseHeaders().add("Location", call.getRequestURI().getPath());
        send(call, 202, new byte[0]);
      }
      default -> {
        byte[] whole = uploads.remove(id).toByteArray();
        String claimed = call.getRequestURI().getQuery().replaceFirst(".*digest=", "");
        if (claimed.equals(digest(whole))) {
          blobs.put(claimed, whole);
          send(call, 201, new byte[0]);
        } else {
          send(call, 400, new byte[0]);
        }
      }
    }
  }

  private static void send(HttpExchange call, int code, byte[] body) throws IOException {
    boolean isHead = call.getRequestMethod().equals("HEAD");
    if (isHead) {
      call.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
    }
    call.sendResponseHeaders(code, isHead || body.length == 0 ? -1 : body.length);
    if (!isHead && body.length > 0) {
      call.getResponseBody().write(body);
    }
    call.close();
  }

  static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
