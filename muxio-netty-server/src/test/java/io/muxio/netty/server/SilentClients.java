package io.muxio.netty.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process whose clients say nothing: every other one has shaken hands before. They have a process
 * of their own because each takes a file descriptor at both ends.
 */
final class SilentClients implements AutoCloseable {
  private static final String ALL_ARE_THERE = "all are there";
  private static final String ALL_ARE_CLOSED = "all are closed";

  /** What a JVM needs beside its sockets, and then some. */
  private static final int OTHER_DESCRIPTORS = 1_000;

  private final Process process;
  private final BufferedReader says;

  private SilentClients(Process process) {
    this.process = process;
    says = process.inputReader(US_ASCII);
  }

  /** So many, or as many as this machine allows a process to open. */
  static int mostPossible(int wanted) {
    long descriptors =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    return (int) Math.min(wanted, descriptors - OTHER_DESCRIPTORS);
  }

  /** Returns when all are connected. */
  static SilentClients connect(int port, int count) throws IOException, URISyntaxException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes =
        Path.of(SilentClients.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx256m",
                "-cp",
                classes.toString(),
                SilentClients.class.getName(),
                Integer.toString(port),
                Integer.toString(count),
                new String(RawPeer.upgradeRequest(), US_ASCII))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    SilentClients clients = new SilentClients(process);
    clients.awaitLine(ALL_ARE_THERE);
    return clients;
  }

  /** Returns when the server has closed all of them. */
  void awaitClosed() throws IOException {
    awaitLine(ALL_ARE_CLOSED);
  }

  private void awaitLine(String line) throws IOException {
    assertThat(says.readLine()).isEqualTo(line);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The process: port, how many, and the request that shakes hands. */
  public static void main(String[] arguments) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    byte[] upgrade = arguments[2].getBytes(US_ASCII);
    List<SocketChannel> clients = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      SocketChannel client = SocketChannel.open(server);
      if (i % 2 == 0) {
        client.write(ByteBuffer.wrap(upgrade));
      }
      clients.add(client);
    }
    System.out.println(ALL_ARE_THERE);
    clients.forEach(SilentClients::readToItsEnd);
    System.out.println(ALL_ARE_CLOSED);
  }

  private static void readToItsEnd(SocketChannel client) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 10);
    try {
      while (client.read(bytes.clear()) >= 0) {
        // an answer to the handshake, or a ping
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
