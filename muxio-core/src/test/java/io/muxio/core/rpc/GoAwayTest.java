package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that takes no more calls and says so. */
class GoAwayTest {
  private static final byte[] REQUEST = {1, 2, 3};

  private final Link server = Link.server();
  private final Link client = Link.client();
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void extend() {
    server.dispatcher().session().extend();
    client.dispatcher().session().extend();
    client.dispatcher().onGoAway(heard::add);
    deliver();
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  private void deliver() {
    client.receive(server.flush().toArray(new byte[0][]));
    server.receive(client.flush().toArray(new byte[0][]));
  }

  private void goAway(String reason) {
    server.dispatcher().session().sendGoAway(reason);
    deliver();
  }

  @Test
  void isToldOnce() {
    goAway("the server closes");
    goAway("it still does");
    assertThat(heard).containsExactly("the server closes");
  }

  @Test
  void isToldToThoseWhoAskLater() {
    goAway("the server closes");
    List<String> late = new ArrayList<>();
    client.dispatcher().onGoAway(late::add);
    assertThat(late).containsExactly("the server closes");
  }

  @Test
  void noCallIsMadeAnyMore() {
    goAway("the server closes");
    assertThatIllegalStateException()
        .isThrownBy(() -> client.call(7, REQUEST))
        .withMessage("the peer takes no more calls: the server closes");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> client.dispatcher().openCall(7, client.buffer(REQUEST), new RecordingListener()))
        .withMessageContaining("takes no more calls");
    assertThat(client.flush()).isEmpty();
  }

  @Test
  void aCallThatWaitsForItsAnswerGoesOn() {
    client.call(7, REQUEST);
    goAway("the server closes");
    assertThat(client.dispatcher().pendingCalls()).isEqualTo(1);
  }

  @Test
  void thePeerItselfMayStillCall() {
    goAway("the server closes");
    server.call(7, REQUEST);
    deliver();
    deliver();
    assertThat(client.dispatcher().inboundCalls()).isEqualTo(1);
  }
}
