package io.muxio.benchmarks.flow;

import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Measures, as a program, how long a client waits for its answers while another opens calls and
 * gives them up as fast as it can, and connects again whenever it is told to go away.
 */
public final class RapidResetLatency {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> NEVER =
      RpcMethod.unary("never", Codec.bytes(), Codec.bytes());
  private static final int CALLS_OF_A_MESSAGE = 100;
  private static final int ROUNDS = 3;
  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static volatile boolean attacking;
  private static volatile long attacks;

  private RapidResetLatency() {}

  /**
   * Measures and prints.
   *
   * @param args none
   * @throws Exception where a connection fails
   */
  public static void main(String[] args) throws Exception {
    try (RpcServer server =
            RpcServer.builder()
                .bind("127.0.0.1", 0)
                .handle(ECHO, (request, call) -> request, ExecutionMode.EVENT_LOOP)
                .handleAsync(NEVER, (request, call) -> new CompletableFuture<>())
                .build()
                .start();
        RpcClient client =
            RpcClient.connect("ws://127.0.0.1:" + server.address().getPort() + "/ws")) {
      medianMicros(client); // warm up
      for (int round = 0; round < ROUNDS; round++) {
        long idle = medianMicros(client);
        attacking = true;
        Thread attacker = new Thread(() -> attackOnAndOn(server.address().getPort()));
        attacker.start();
        long attacked = medianMicros(client);
        attacking = false;
        attacker.join();
        System.out.printf(
            "median of a call: idle %d µs, under attack %d µs; %d attacks so far%n",
            idle, attacked, attacks);
      }
    }
  }

  private static long medianMicros(RpcClient client) {
    long[] nanos = new long[1_000_000];
    int count = 0;
    long end = System.nanoTime() + ROUND_NANOS;
    for (long now = System.nanoTime(); now < end && count < nanos.length; now = System.nanoTime()) {
      client.call(ECHO, new byte[100]).join();
      nanos[count++] = System.nanoTime() - now;
    }
    Arrays.sort(nanos, 0, count);
    return TimeUnit.NANOSECONDS.toMicros(nanos[count / 2]);
  }

  private static void attackOnAndOn(int port) {
    byte[] message = message();
    while (attacking) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(upgrade());
        InputStream in = socket.getInputStream();
        skipAnswer(in);
        socket.getOutputStream().write(webSocketFrame(frame(0, 0, 16, new byte[0])));
        while (attacking && !isToldToGo(in)) {
          socket.getOutputStream().write(message);
        }
      } catch (IOException e) {
        System.err.println("an attack ends with " + e);
      }
      attacks = attacks + 1;
    }
  }

  private static void skipAnswer(InputStream in) throws IOException {
    for (int last = 0; last != 0x0d0a0d0a; ) {
      last = last << 8 | in.read();
    }
  }

  /** Looks at what has come by now; all that the server sends here are short frames. */
  private static boolean isToldToGo(InputStream in) throws IOException {
    while (in.available() > 0) {
      int start = in.read();
      if ((start & 0xf) == 8) {
        return true;
      }
      in.skipNBytes(in.read());
    }
    return false;
  }

  private static byte[] upgrade() {
    return String.join(
            "\r\n",
            "GET /ws HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: muxio.x1",
            "",
            "")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Calls that are each given up at once, so that their ids can be used again. */
  private static byte[] message() {
    ByteArrayOutputStream calls = new ByteArrayOutputStream();
    for (int id = 0; id < CALLS_OF_A_MESSAGE; id++) {
      ByteBuffer header = ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN);
      header.put((byte) 0).putInt(id).putLong(NEVER.id()).putShort((short) 0);
      calls.writeBytes(frame(id, 0, 0, header.array()));
      calls.writeBytes(frame(id, 1, 2, new byte[0]));
      calls.writeBytes(frame(id, 0, 19, new byte[0]));
    }
    return webSocketFrame(calls.toByteArray());
  }

  private static byte[] frame(int streamId, int sequence, int kind, byte[] payload) {
    return ByteBuffer.allocate(13 + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(payload.length)
        .putInt(streamId)
        .putInt(sequence)
        .put((byte) kind)
        .put(payload)
        .array();
  }

  /** A binary message, with a mask of zeros. */
  private static byte[] webSocketFrame(byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(8 + payload.length).put((byte) 0x82);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload);
    return Arrays.copyOf(frame.array(), frame.position());
  }
}
