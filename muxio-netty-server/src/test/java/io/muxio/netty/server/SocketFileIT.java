package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.netty.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the file of a unix socket. */
@Timeout(60)
class SocketFileIT {
  @TempDir Path folder;
  private Path socket;
  private UnixDomainSocketAddress address;

  @BeforeEach
  void name() {
    socket = folder.resolve("muxio.sock");
    address = UnixDomainSocketAddress.of(socket);
  }

  private RpcServerBuilder server() {
    return RpcServer.builder().bindUnix(socket);
  }

  private void assertServed() throws IOException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      channel.write(ByteBuffer.wrap("GET /x HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(1024);
      while (channel.read(answer) >= 0) {
        // to its end
      }
      assertThat(new String(answer.array(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 404");
    }
  }

  private void leaveDeadSocket() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
    assertThat(socket).exists();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void everyTransportReplacesADeadSocketAndDeletesItsOwn(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    leaveDeadSocket();
    EventLoopGroup group = transport.newGroup(1, "users-own", true);
    try {
      try (RpcServer server = server().eventLoopGroup(group).build().start()) {
        assertThat(server.localAddress()).isEqualTo(address);
        assertServed();
      }
      assertThat(socket).doesNotExist();
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void everyTransportLeavesTheSocketAloneThatHasTakenItsPlace(Transport transport)
      throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    EventLoopGroup group = transport.newGroup(1, "users-own", true);
    try {
      RpcServer first = server().eventLoopGroup(group).build().start();
      Files.delete(socket);
      try (RpcServer second = server().build().start()) {
        first.close();
        assertServed();
        assertThat(second.localAddress()).isEqualTo(address);
      }
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void aSocketOnWhichSomebodyListensIsRefused() throws Exception {
    try (RpcServer first = server().build().start()) {
      assertThatThrownBy(() -> server().build().start())
          .isInstanceOf(IOException.class)
          .hasMessage("cannot bind unix:" + socket + ": somebody listens on it");
      assertServed();
      assertThat(first.localAddress()).isEqualTo(address);
    }
  }

  @Test
  void whatIsNoSocketIsRefused() throws IOException {
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> server().build().start())
        .isInstanceOf(IOException.class)
        .hasMessage("cannot bind unix:" + socket + ": the file exists and is no socket");
    assertThat(socket).hasContent("precious");

    Files.delete(socket);
    Files.createSymbolicLink(socket, folder.resolve("nothing"));
    assertThatThrownBy(() -> server().build().start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no socket");
    assertThat(Files.exists(socket, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path nowhere = folder.resolve("no/where.sock");
    assertThatThrownBy(() -> RpcServer.builder().bindUnix(nowhere).build().start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot bind unix:" + nowhere + ": ")
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void aPathThatIsTooLongIsRefused() {
    Path tooLong = Path.of("/" + "x".repeat(107));
    assertThatThrownBy(() -> RpcServer.builder().bindUnix(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("108 bytes (expected: 1 to 107");
    assertThatThrownBy(() -> RpcServer.builder().bindUnix(Path.of("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 bytes (expected: 1 to 107");
  }

  @Test
  void theFileHasThePermissionsThatWereAskedFor() throws IOException {
    for (String permissions : new String[] {"rw-------", "rw-rw-rw-"}) {
      try (RpcServer server =
          RpcServer.builder()
              .bindUnix(socket, PosixFilePermissions.fromString(permissions))
              .build()
              .start()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
            .isEqualTo(permissions);
        assertThat(server.localAddress()).isEqualTo(address);
      }
    }
  }

  @Test
  void aUnixSocketHasNoPort() throws IOException {
    try (RpcServer server = server().build().start()) {
      assertThatThrownBy(server::address)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server on unix:" + socket);
    }
    try (RpcServer server = RpcServer.builder().bind("127.0.0.1", 0).build().start()) {
      InetSocketAddress bound = server.address();
      assertThat(bound.getPort()).isPositive();
      assertThat(server.localAddress()).isEqualTo(bound);
    }
  }

  /** Native transports bind over whatever is there. */
  @Test
  void ofTwoThatStartAtOnceOneListens() throws Exception {
    for (int i = 0; i < 20; i++) {
      CyclicBarrier together = new CyclicBarrier(2);
      Callable<RpcServer> start =
          () -> {
            RpcServer server = server().build();
            together.await();
            try {
              return server.start();
            } catch (IOException e) {
              assertThat(e).hasMessageContaining("somebody listens on it");
              return null;
            }
          };
      ExecutorService both = Executors.newFixedThreadPool(2);
      List<RpcServer> started = new ArrayList<>();
      try {
        for (Future<RpcServer> one : both.invokeAll(List.of(start, start))) {
          if (one.get() != null) {
            started.add(one.get());
          }
        }
        assertThat(started).hasSize(1);
        assertServed();
      } finally {
        started.forEach(RpcServer::close);
        both.shutdown();
      }
    }
  }
}
