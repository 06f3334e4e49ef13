package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket frame that a server sent. */
final class Received {
  private final int opcode;
  private final byte[] payload;

  Received(int opcode, byte[] payload) {
    this.opcode = opcode;
    this.payload = payload;
  }

  int opcode() {
    return opcode;
  }

  byte[] payload() {
    return payload;
  }

  /** The code of a close, and nothing else. */
  int closeCode() {
    assertThat(opcode).as("opcode of the last frame").isEqualTo(RawPeer.CLOSE);
    return ByteBuffer.wrap(payload).getShort();
  }

  String closeReason() {
    return new String(payload, Short.BYTES, payload.length - Short.BYTES, StandardCharsets.UTF_8);
  }
}
