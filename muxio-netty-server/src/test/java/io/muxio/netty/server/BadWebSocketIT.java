package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that break the rules of WebSocket, or use them to make work. */
class BadWebSocketIT {
  private static final byte[] EMPTY = new byte[0];

  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new AttackedServer(ServerLimits.builder().maxOutboundBytes(8 << 20));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A header of a masked binary frame that claims so many bytes. */
  private static byte[] claiming(long length) {
    return ByteBuffer.allocate(14)
        .put((byte) 0x82)
        .put((byte) 0xff)
        .putLong(length)
        .putInt(0)
        .array();
  }

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes the bytes
  private enum Wrong {
    TEXT(
        1003,
        "text message (expected: binary)",
        RawPeer.webSocketFrame(RawPeer.TEXT, "hello".getBytes(StandardCharsets.UTF_8))),
    TEXT_IN_FRAGMENTS(
        1003,
        "text message (expected: binary)",
        RawPeer.webSocketFrame(RawPeer.TEXT, false, EMPTY)),
    NOT_MASKED(1002, "not masked", bytes(0x82, 0)),
    COMPRESSED(1002, "RSV != 0", bytes(0xc2, 0x80, 0, 0, 0, 0)),
    RSV_2(1002, "RSV != 0", bytes(0xa2, 0x80, 0, 0, 0, 0)),
    RSV_3(1002, "RSV != 0", bytes(0x92, 0x80, 0, 0, 0, 0)),
    OPCODE_THAT_IS_RESERVED(1002, "opcode", bytes(0x83, 0x80, 0, 0, 0, 0)),
    CONTROL_OPCODE_THAT_IS_RESERVED(1002, "opcode", bytes(0x8b, 0x80, 0, 0, 0, 0)),
    LENGTH_2_63(1002, "length", claiming(1L << 63)),
    LENGTH_2_62(1009, "Max frame length", claiming(1L << 62)),
    LENGTH_4_GIB(1009, "Max frame length", claiming(1L << 32)),
    LENGTH_OVER_THE_LIMIT(1009, "Max frame length of 2097152", claiming((2 << 20) + 1)),
    LENGTH_WITH_MORE_BYTES_THAN_IT_NEEDS(1002, "minimal length", claiming(5)),
    PING_TOO_LONG(1002, "control frame", RawPeer.webSocketFrame(RawPeer.PING, new byte[126])),
    PING_IN_FRAGMENTS(1002, "control frame", RawPeer.webSocketFrame(RawPeer.PING, false, EMPTY)),
    CONTINUATION_OF_NOTHING(
        1002, "continuation", RawPeer.webSocketFrame(RawPeer.CONTINUATION, true, EMPTY)),
    MESSAGE_WITHIN_A_MESSAGE(
        1002,
        "non-continuation",
        Frames.join(
            RawPeer.webSocketFrame(RawPeer.BINARY, false, EMPTY),
            RawPeer.webSocketFrame(RawPeer.BINARY, true, EMPTY))),
    CLOSE_OF_ONE_BYTE(1002, "close", RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[1])),
    CLOSE_CODE_THAT_IS_RESERVED(
        1002, "close", RawPeer.webSocketFrame(RawPeer.CLOSE, bytes(1005 >> 8, 1005 & 0xff))),
    CLOSE_THAT_IS_NOT_UTF_8(
        1007, "UTF-8", RawPeer.webSocketFrame(RawPeer.CLOSE, bytes(3, 0xe8, 0xff, 0xff)));

    private final int closeCode;
    private final String why;
    private final byte[] sent;

    Wrong(int closeCode, String why, byte[] sent) {
      this.closeCode = closeCode;
      this.why = why;
      this.sent = sent;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isRefused(Wrong wrong) throws Exception {
    try (RawPeer peer = server.peer()) {
      peer.send(wrong.sent);
      server.awaitRefusal(peer, wrong.closeCode, wrong.why);
      assertThat(peer.readAll()).as("what comes behind the close").isEmpty();
    }
  }

  @Test
  void allOfThemAtOnce() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          for (Wrong wrong : Wrong.values()) {
            try (RawPeer peer = server.peer()) {
              peer.send(wrong.sent);
              server.awaitRefusal(peer, wrong.closeCode, wrong.why);
            }
          }
        });
  }

  /** It is cut in the strangest way, and yet a call. */
  @Test
  void fragmentsOfOneByte() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int id = 0; id < 50; id++) {
              byte[] call = Frames.call(id, id, "echo", "x".repeat(100));
              for (int i = 0; i < call.length; i++) {
                int opcode = i == 0 ? RawPeer.BINARY : RawPeer.CONTINUATION;
                byte[] part = {call[i]};
                peer.send(RawPeer.webSocketFrame(opcode, i == call.length - 1, part));
              }
              assertThat(Frames.requestIdOf(peer.next())).isEqualTo(id);
            }
          }
        });
  }

  @Test
  void segmentsOfOneByte() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int id = 0; id < 50; id++) {
              byte[] call = Frames.call(id, id, "echo", "x".repeat(100));
              for (byte next : RawPeer.webSocketFrame(RawPeer.BINARY, call)) {
                peer.send(new byte[] {next});
              }
              assertThat(Frames.requestIdOf(peer.next())).isEqualTo(id);
            }
          }
        });
  }

  @Test
  void aFloodOfPings() throws Exception {
    byte[][] pings = new byte[200][];
    Arrays.fill(pings, RawPeer.webSocketFrame(RawPeer.PING, new byte[125]));
    byte[] flood = Frames.join(pings);
    server.survives(
        8,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int round = 0; round < 50; round++) {
              peer.send(flood);
              for (int i = 0; i < pings.length; i++) {
                assertThat(peer.nextFrame().opcode()).isEqualTo(RawPeer.PONG);
              }
            }
            AttackedServer.goesOn(peer, 1);
          }
        });
  }
}
