package millrace.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ServerSocketFactory;

/** Forwards TCP connections of a test, and cuts all of them when told to. */
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();

  public CuttableProxy(String host, int port) {
    this(host, port, ServerSocketFactory.getDefault());
  }

  /**
   * @param listeners makes the socket it listens on, such as one that speaks TLS
   */
  CuttableProxy(String host, int port, ServerSocketFactory listeners) {
    this.host = host;
    this.port = port;
    try {
      server = listeners.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public void cut() {
    sockets.forEach(CuttableProxy::closeQuietly);
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket target = new Socket(host, port);
        sockets.add(client);
        sockets.add(target);
        Thread.ofVirtual().start(() -> pump(client, target));
        Thread.ofVirtual().start(() -> pump(target, client));
      } catch (IOException closedOrRefused) {
        // the client sees it
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException cut) {
      // both ends are closed now
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // that is what was wanted
    }
  }
}
