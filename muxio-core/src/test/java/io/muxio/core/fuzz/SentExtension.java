package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Ext;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What an end sends of the extension, read by the rules. */
final class SentExtension {
  private static final int SETTINGS_SIZE = 40;
  private static final int MAX_REASON = 1024;

  private final IdSpace ids;
  private boolean settled;

  /** The request id of the headers that were sent last, up to the frame that they belong to. */
  private @Nullable Integer headersFor;

  SentExtension(IdSpace ids) {
    this.ids = ids;
  }

  /** True where the frame is none of a stream. */
  boolean takes(WireFrame frame) {
    equal(!settled, frame.kind() == Ext.SETTINGS, "SETTINGS first, and once");
    settled = true;
    checkBehindHeaders(frame);
    int length = frame.payload().length;
    switch (frame.kind()) {
      case Ext.SETTINGS -> equal(SETTINGS_SIZE, length, "length of SETTINGS");
      case Ext.HEADERS -> headersFor = frame.stream();
      case Ext.CREDIT -> {
        equal(Integer.BYTES, length, "length of CREDIT");
        check(number(frame, 0) > 0, "a CREDIT of nothing");
      }
      case Ext.ABANDON -> {
        equal(0, length, "length of ABANDON");
        check(ids.contains(frame.stream()), "ABANDON of a call of the peer");
      }
      case Ext.GOAWAY -> check(length <= MAX_REASON, "a long GOAWAY");
      default -> {
        return false;
      }
    }
    equal(0, frame.sequence(), "sequence");
    return true;
  }

  private void checkBehindHeaders(WireFrame frame) {
    if (headersFor != null) {
      equal(Wire.OPEN, frame.kind(), "kind of the frame behind HEADERS");
      if (frame.payload().length > Integer.BYTES) { // else the chunks are tiny
        equal(headersFor, number(frame, 1), "request behind HEADERS");
      }
      headersFor = null;
    }
  }

  private static int number(WireFrame frame, int at) {
    return ByteBuffer.wrap(frame.payload()).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }
}
