package io.muxio.codec.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.testkit.InMemoryLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service of Protobuf messages, and what its bytes are. */
class ProtobufCodecFactoryTest {
  private InMemoryLink link;
  private Clock clock;

  private static final class Ticking implements Clock {
    @Override
    public Timestamp at(Int64Value seconds) {
      return Timestamp.newBuilder().setSeconds(seconds.getValue()).build();
    }

    @Override
    public CompletionStage<StringValue> later(Duration duration) {
      return CompletableFuture.completedFuture(StringValue.of(duration.getSeconds() + " s"));
    }

    @Override
    public Flow.Publisher<Int64Value> ticks(Flow.Publisher<Int64Value> ticks) {
      return ticks;
    }

    @Override
    public long sum(long one, long two) {
      return one + two;
    }
  }

  @BeforeEach
  void connect() {
    link = InMemoryLink.to(RpcEndpoint.builder().service(Clock.class, new Ticking()).build());
    clock = link.client().caller().service(Clock.class);
  }

  @AfterEach
  void disconnect() {
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0); // handlers end after they answer
  }

  @Test
  void messagesComeAndGo() {
    assertThat(clock.at(Int64Value.of(7)).getSeconds()).isEqualTo(7);
    Duration duration = Duration.newBuilder().setSeconds(3).build();
    assertThat(clock.later(duration).toCompletableFuture().join().getValue()).isEqualTo("3 s");
    assertThat(clock.sum(1, 2)).as("bitcode").isEqualTo(3);
  }

  @Test
  void theBytesAreTheMessage() {
    RpcMethod<byte[], byte[]> at = RpcMethod.unary("clock.at", Codec.bytes(), Codec.bytes());
    assertThat(link.client().caller().call(at, new byte[] {8, 7}).join()).containsExactly(8, 7);
    assertThat(link.client().caller().call(at, new byte[0]).join())
        .as("the default of each field")
        .isEmpty();
    assertThatThrownBy(() -> link.client().caller().call(at, new byte[] {8}).join())
        .cause()
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("the request cannot be decoded: Protobuf: ");
  }

  @Test
  void messagesAreItemsOfStreams() throws Exception {
    List<Int64Value> ticks = new ArrayList<>();
    SubmissionPublisher<Int64Value> received = new SubmissionPublisher<>();
    CompletableFuture<Void> all = received.consume(ticks::add);
    try (SubmissionPublisher<Int64Value> sent = new SubmissionPublisher<>()) {
      clock.ticks(sent).subscribe(new Passing(received));
      for (int i = 0; i < 3; i++) {
        sent.submit(Int64Value.of(i));
      }
    }
    all.get(20, TimeUnit.SECONDS);
    assertThat(ticks).containsExactly(Int64Value.of(0), Int64Value.of(1), Int64Value.of(2));
  }

  private record Passing(SubmissionPublisher<Int64Value> to)
      implements Flow.Subscriber<Int64Value> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Int64Value item) {
      to.submit(item);
    }

    @Override
    public void onError(Throwable cause) {
      to.closeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      to.close();
    }
  }

  @Test
  void whatIsNoMessageCannotBeServed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> link.client().caller().service(WrongClock.class))
        .withMessageContaining("noMessage(): the answer: java.lang.String is no message")
        .withMessageContaining("twoMessages(Int64Value, Int64Value): the parameters: 2 parameters")
        .withMessageContaining("anyMessage(): the answer: com.google.protobuf.MessageLite has no");
  }
}
