package io.muxio.netty.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy of this machine, whose tunnels all end at the same port, whatever was asked for.
 */
final class ConnectProxy implements AutoCloseable {
  /** What an answer is that opens a tunnel. */
  static final String GRANTED = "HTTP/1.1 200 Connection established\r\n\r\n";

  private final ServerSocket listening;
  private final int target;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Closeable> open = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile String answer = GRANTED;

  /** Begins to listen; tunnels end at that port of this machine. */
  ConnectProxy(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /**
   * From now on answers so: no tunnel but where it ends with {@link #GRANTED}; null for never,
   * empty to close.
   */
  void answerWith(String text) {
    answer = text;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The heads of the requests so far. */
  List<String> requests() {
    return requests;
  }

  /** Closes all connections that there are. */
  void cut() {
    open.forEach(ConnectProxy::closeQuietly);
    open.clear();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try {
      requests.add(readHead(client.getInputStream()));
      String text = answer;
      if (text == null) {
        return; // hangs
      }
      client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      if (text.endsWith(GRANTED)) {
        tunnel(client);
      } else {
        client.close();
      }
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private void tunnel(Socket client) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    open.add(server);
    threads.execute(() -> copy(client, server));
    copy(server, client);
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // one of them is closed
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() {
    closeQuietly(listening);
    cut();
    threads.shutdownNow();
  }
}
