package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages whose bytes are no frames, or frames that no sender may send. */
class BadFramesIT {
  private static final int LIMIT = 100_000;
  private static final byte[] EMPTY = new byte[0];

  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new AttackedServer(
            ServerLimits.builder()
                .maxFramePayload(LIMIT)
                .maxMessageSize(2 * LIMIT)
                .maxRequestSize(150_000)
                .maxBufferedBytes(8 << 20));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  /** A header of a frame of stream 0, with any length. */
  private static byte[] ofLength(long length) {
    byte[] header = Frames.frame(0, 0, 0, EMPTY);
    for (int i = 0; i < Integer.BYTES; i++) {
      header[i] = (byte) (length >> (Byte.SIZE * i));
    }
    return header;
  }

  @Test
  void bytesThatAreNoFrames() throws Exception {
    byte[] garbage = new byte[LIMIT];
    Arrays.fill(garbage, (byte) 0x5a);
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(garbage);
            server.awaitRefusal(peer, 1002, "first message of 100000 bytes");
          }
        });
  }

  @Test
  void anEmptyFirstMessage() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(EMPTY);
            server.awaitRefusal(peer, 1002, "first message of 0 bytes");
          }
        });
  }

  @Test
  void aFirstMessageInFragmentsThatNeverEnds() throws Exception {
    byte[] part = new byte[1000];
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, false, part));
            for (int sent = part.length; sent <= LIMIT + 21; sent += part.length) {
              peer.send(RawPeer.webSocketFrame(RawPeer.CONTINUATION, false, part));
            }
            server.awaitRefusal(peer, 1009, "first message: 101000 bytes or more");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 9, 255})
  void anUnknownKind(int kind) throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            AttackedServer.goesOn(peer, 0);
            peer.sendBinary(Frames.frame(2, 0, kind, EMPTY));
            server.awaitRefusal(peer, 1002, "frame kind: " + kind);
          }
        });
  }

  /** The header alone ends it, before a byte of the payload has come or room was made for it. */
  @ParameterizedTest
  @ValueSource(longs = {LIMIT + 1, Integer.MAX_VALUE, 1L << 31, (1L << 32) - 1})
  void aFrameOverTheLimit(long length) throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            AttackedServer.goesOn(peer, 0);
            peer.sendBinary(ofLength(length));
            server.awaitRefusal(peer, 1009, "frame payload: " + length + " bytes");
          }
        });
  }

  @Test
  void dataBeforeOpen() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(Frames.frame(7, 0, 1, EMPTY));
            server.awaitLogged(peer, "stream 7 dropped: DATA at sequence 0");
            AttackedServer.goesOn(peer, 0);
          }
        });
  }

  @Test
  void oneHundredMegabytesBehindAGap() throws Exception {
    byte[] payload = new byte[LIMIT];
    server.survives(
        16,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int i = 0; i < 1000; i++) {
              peer.sendBinary(Frames.frame(i / 64, 1 + i % 64, 1, payload));
            }
            server.awaitLogged(peer, "connection buffers full");
            AttackedServer.goesOn(peer, 1000);
          }
        });
  }

  @Test
  void aFrameTooFarAhead() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(Frames.frame(7, 65, 1, EMPTY));
            server.awaitLogged(peer, "stream 7 dropped: sequence 65");
            AttackedServer.goesOn(peer, 0);
          }
        });
  }

  /** Each claims 65,535 bytes of metadata and sends them but for the last. */
  @Test
  void headersWhoseMetadataNeverComes() throws Exception {
    byte[] metadata = new byte[0xffff];
    byte[] header = Frames.header(0, 1, AttackedServer.ECHO.id(), metadata);
    byte[] partial = Arrays.copyOf(header, header.length - 1);
    server.survives(
        24,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int id = 0; id < 200; id++) {
              peer.sendBinary(Frames.frame(id, 0, 0, partial));
            }
            server.awaitLogged(peer, "connection buffers full");
            server.holdsMost();
            AttackedServer.goesOn(peer, 1000);
          }
        });
  }

  @Test
  void aStreamThatEndsWithinItsHeader() throws Exception {
    byte[] header = Frames.header(0, 1, AttackedServer.ECHO.id(), EMPTY);
    server.survives(
        4,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(
                Frames.frame(3, 0, 0, Arrays.copyOf(header, 14)), Frames.frame(3, 1, 2, EMPTY));
            server.awaitLogged(peer, "stream 3 dropped: stream ended 14 bytes into");
            AttackedServer.goesOn(peer, 0);
          }
        });
  }

  @Test
  void aRequestOverTheLimit() throws Exception {
    byte[] header = Frames.header(0, 1, AttackedServer.ECHO.id(), EMPTY);
    server.survives(
        8,
        4,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(Frames.frame(0, 0, 0, header));
            peer.sendBinary(Frames.frame(0, 1, 1, new byte[LIMIT]));
            peer.sendBinary(Frames.frame(0, 2, 1, new byte[LIMIT]));
            peer.sendBinary(Frames.frame(0, 3, 2, EMPTY));

            byte[] refusal = peer.next();
            assertThat(Frames.statusOf(refusal)).isEqualTo(2);
            assertThat(Frames.bodyOf(refusal)).contains("200000 bytes").contains("at most 150000");
            server.awaitLogged(peer, "200000 bytes or more");
            AttackedServer.goesOn(peer, 2);
          }
        });
  }
}
