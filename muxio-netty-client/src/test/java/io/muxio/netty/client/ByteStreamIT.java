package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of chunks as those of java.io, over sockets. */
@Timeout(60)
class ByteStreamIT {
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private interface Body {
    void run(StreamCall call) throws Exception;
  }

  private static void with(StreamHandler handler, Body body) throws Exception {
    try (RpcServer server =
            RpcServer.builder().bind("127.0.0.1", 0).handleStream(STREAM, handler).build().start();
        RpcClient client =
            RpcClient.builder("ws://127.0.0.1:" + server.address().getPort() + "/ws").connect();
        StreamCall call = client.open(STREAM)) {
      body.run(call);
    }
  }

  @Test
  void copiesBytesThereAndBackWhateverTheSizesOfItsPieces() throws Exception {
    byte[] sent = new byte[300_001];
    new Random(1).nextBytes(sent);
    with(
        (request, response, context) -> {
          try (InputStream in = request.inputStream();
              OutputStream out = response.outputStream()) {
            in.transferTo(out);
          }
        },
        call -> {
          try (OutputStream out = call.request().outputStream()) {
            out.write(sent[0]);
            out.write(sent, 1, 99_999);
            out.flush();
            out.write(sent, 100_000, 200_001);
          }
          call.request().end();
          try (InputStream in = call.response().inputStream()) {
            byte[] begin = new byte[3];
            assertThat(in.read()).isEqualTo(sent[0] & 0xFF);
            assertThat(in.readNBytes(begin, 0, 3)).isEqualTo(3);
            assertThat(begin).containsExactly(sent[1], sent[2], sent[3]);
            assertThat(in.readAllBytes()).hasSize(sent.length - 4).endsWith(sent[300_000]);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(begin)).isEqualTo(-1);
          }
        });
  }

  @Test
  void whatBreaksOffDoesNotLookWhole() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    with(
        (request, response, context) -> {
          try (InputStream in = request.inputStream()) {
            in.read();
            begun.countDown();
            in.readAllBytes();
          } catch (IOException e) {
            end.complete(e);
          }
        },
        call -> {
          try (OutputStream out = call.request().outputStream()) {
            out.write(1);
          }
          begun.await();
          call.cancel();
          assertThat(end.get(20, TimeUnit.SECONDS))
              .isExactlyInstanceOf(IOException.class)
              .cause()
              .isInstanceOfSatisfying(
                  RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED));
        });
  }

  @Test
  void whoClosesItsStreamEarlyGivesTheCallUp() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    with(
        (request, response, context) -> {
          context.onCancel(cancelled::countDown);
          try (OutputStream out = response.outputStream()) {
            out.write(new byte[100]);
            out.flush();
            cancelled.await();
          }
        },
        call -> {
          InputStream in = call.response().inputStream();
          assertThat(in.read()).isZero();
          in.close();
          in.close();
          assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
          assertThatThrownBy(in::read)
              .isInstanceOf(IOException.class)
              .hasMessageContaining("closed");
        });
  }

  @Test
  void anInterruptedThreadStaysInterrupted() throws Exception {
    with(
        (request, response, context) -> consume(request),
        call -> {
          InputStream in = call.response().inputStream();
          Thread.currentThread().interrupt();
          try {
            assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
          } finally {
            assertThat(Thread.interrupted()).isTrue();
          }
        });
  }

  private static void consume(ChunkReader request) throws IOException {
    try (InputStream in = request.inputStream()) {
      in.readAllBytes();
    }
  }
}
