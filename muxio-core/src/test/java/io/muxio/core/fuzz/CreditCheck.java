package io.muxio.core.fuzz;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Ext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** A chunk that waits leaves when the peer has taken all that was sent before it. */
final class CreditCheck {
  private final IdSpace ids;
  private final Consumer<byte[]> connection;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  /**
   * Makes the check of a connection that speaks the extension.
   *
   * @param ids the half of the end under test
   * @param connection takes a message
   */
  CreditCheck(IdSpace ids, Consumer<byte[]> connection) {
    this.ids = ids;
    this.connection = connection;
  }

  void onReceived(byte[] bytes) {
    received.writeBytes(bytes);
  }

  /** Whether the next frame can begin; sends the settings where none were. */
  boolean isPossible() {
    byte[] bytes = received.toByteArray();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = FrameFormat.GENERATION_13.headerSize();
    long at = 0;
    while (bytes.length - at >= header) {
      at += header + Integer.toUnsignedLong(in.getInt((int) at));
    }
    if (bytes.length == 0) {
      connection.accept(Ext.settings());
    }
    return at == bytes.length;
  }

  void check(CallOfPeer call) {
    if (!ids.contains(call.call().requestId())) { // else the credit is for a call of ours
      check(call.call().requestId(), call.chunks());
    }
  }

  void check(CallOfOurs call) {
    check(call.requestId(), call.chunks());
  }

  private void check(int requestId, ChunksOut chunks) {
    if (chunks.isStuck()) {
      connection.accept(Ext.credit(requestId, -1));
      Check.check(!chunks.isStuck(), "a chunk waits though nothing is on its way");
    }
  }
}
