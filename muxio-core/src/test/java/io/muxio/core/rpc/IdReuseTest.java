package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/**
 * Ids that come round again after 2^31 calls. To come there within a test the counters are set
 * back, which needs their private fields.
 */
class IdReuseTest {
  private final Link link = Link.client();

  @Test
  void requestIdsThatWaitForAnAnswerAreSkipped() throws ReflectiveOperationException {
    try (link) {
      for (int i = 0; i < 4; i++) {
        link.call(7, NOTHING);
      }
      link.receive(WireStream.whole(13, 0, answer(1, 7, 0, NOTHING)));
      comeRoundAgain();

      assertThat(nextRequestId()).isEqualTo(1);
      assertThat(nextRequestId()).isEqualTo(4);
    }
  }

  @Test
  void requestIdsOfAbandonedCallsAreSkippedUntilTheirAnswerCame()
      throws ReflectiveOperationException {
    try (link) {
      for (int i = 0; i < 2; i++) {
        link.call(7, NOTHING, new RecordingListener()).abandon();
      }
      comeRoundAgain();
      assertThat(nextRequestId()).isEqualTo(2);

      link.receive(WireStream.whole(13, 0, answer(1, 7, 0, NOTHING)));
      comeRoundAgain();
      assertThat(nextRequestId()).isEqualTo(1);
    }
  }

  @Test
  void streamIdsOfOpenStreamsAreSkipped() throws ReflectiveOperationException {
    try (link) {
      RpcStreamWriter first = open();
      RpcStreamWriter second = open();
      RpcStreamWriter third = open();
      assertThat(first.streamId()).isZero();
      second.end();
      comeRoundAgain();

      assertThat(open().streamId()).isEqualTo(1);
      assertThat(open().streamId()).isEqualTo(3);
      third.cancel();
      comeRoundAgain();
      assertThat(open().streamId()).isEqualTo(2);
    }
  }

  private int nextRequestId() {
    return link.call(7, NOTHING, new RecordingListener()).requestId();
  }

  private RpcStreamWriter open() {
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, 1, 7, Unpooled.EMPTY_BUFFER);
    return link.dispatcher().session().open(header, Unpooled.EMPTY_BUFFER, () -> {});
  }

  private void comeRoundAgain() throws ReflectiveOperationException {
    setBack(OutboundCalls.class.getDeclaredField("requestIds"), link.dispatcher().outbound());
    setBack(RpcSession.class.getDeclaredField("streamIds"), link.dispatcher().session());
  }

  private static void setBack(Field counter, Object owner) throws ReflectiveOperationException {
    counter.setAccessible(true);
    Field next = IdSpace.Counter.class.getDeclaredField("next");
    next.setAccessible(true);
    next.setInt(counter.get(owner), 0);
  }
}
