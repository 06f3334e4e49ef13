package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.wire.Link;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

/** A stream that cannot be opened keeps nothing of what was given to it. */
class StreamOpenFailureTest {
  @Test
  void openingAStreamAfterCloseReleasesWhatWasTakenOver() {
    Link link = Link.client();
    link.dispatcher().close(new IllegalStateException("gone"));
    assertOpenFailsAndReleases(link);
  }

  @Test
  void openingAStreamBeforeTheGenerationIsKnownReleasesWhatWasTakenOver() {
    assertOpenFailsAndReleases(Link.server());
  }

  private static void assertOpenFailsAndReleases(Link link) {
    ByteBuf metadata = link.buffer(pattern(4));
    ByteBuf payload = link.buffer(pattern(6));
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, 1, 7, metadata);
    assertThatIllegalStateException()
        .isThrownBy(() -> link.dispatcher().session().open(header, payload, () -> {}));
    link.close();

    assertThat(metadata.refCnt()).as("references to the metadata").isZero();
    assertThat(payload.refCnt()).as("references to the payload").isZero();
  }
}
