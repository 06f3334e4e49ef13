package io.muxio.examples.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way of one client to the server, over a port of its own, which can be unplugged. */
final class Cable implements AutoCloseable {
  private final ServerSocket plug;
  private final int serverPort;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean plugged = true;

  Cable(int serverPort) throws IOException {
    this.serverPort = serverPort;
    plug = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String uri() {
    return "ws://127.0.0.1:" + plug.getLocalPort() + "/ws";
  }

  /** What is on its way is lost, and who connects is hung up on. */
  void unplug() {
    plugged = false;
    ends.forEach(Cable::close);
  }

  void plugIn() {
    plugged = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = plug.accept();
        if (plugged) {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
          start(() -> forward(client, server));
          start(() -> forward(server, client));
        } else {
          client.close();
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void forward(Socket from, Socket to) {
    ends.add(from);
    try (from;
        to) {
      if (plugged) {
        from.getInputStream().transferTo(to.getOutputStream());
      }
    } catch (IOException e) {
      // one of them was hung up on
    } finally {
      ends.remove(from);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "cable");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable end) {
    try {
      end.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    unplug();
    close(plug);
  }
}
