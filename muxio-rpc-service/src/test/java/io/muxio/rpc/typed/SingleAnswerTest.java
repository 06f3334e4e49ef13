package io.muxio.rpc.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One value as the answer of a stream, at both ends. */
class SingleAnswerTest {
  private static final Codec<Object> BUFFERS = TypeCodecs.untyped(Codec.byteBuf());

  private static final Codec<Object> BROKEN =
      new Codec<>() {
        @Override
        public ByteBuf encode(Object value, ByteBufAllocator allocator) {
          throw new AssertionError("cannot be encoded");
        }

        @Override
        public Object decode(ByteBuf bytes) {
          throw new AssertionError("cannot be decoded");
        }
      };

  private static final class Answered implements Flow.Subscriber<ByteBuf> {
    Flow.@Nullable Subscription subscription;
    @Nullable Throwable failure;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
    }

    @Override
    public void onComplete() {}
  }

  /** Whose answer is empty. */
  private static final class EmptyCall implements StreamCall, ChunkReader {
    @Override
    public ChunkWriter request() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ChunkReader response() {
      return this;
    }

    @Override
    public CompletionStage<Void> ended() {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public @Nullable ByteBuf read() {
      return null;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
          });
      try {
        subscriber.onComplete();
      } catch (Throwable e) {
        // as a thread of an executor does
      }
    }

    @Override
    public void cancel() {}
  }

  private static Flow.Subscription subscribe(
      CompletableFuture<?> value, Codec<Object> codec, Answered answered) {
    Items.toChunk(value, codec).subscribe(answered);
    Flow.Subscription subscription = answered.subscription;
    assertThat(subscription).isNotNull();
    return subscription;
  }

  @Test
  void anAnswerThatNobodyAskedForIsReleased() {
    ByteBuf answer = Unpooled.buffer().writeByte(1);
    subscribe(CompletableFuture.completedFuture(answer), BUFFERS, new Answered()).cancel();
    assertThat(answer.refCnt()).isZero();
  }

  @Test
  void theCancelReachesTheStage() {
    CompletableFuture<String> value = new CompletableFuture<>();
    Flow.Subscription subscription = subscribe(value, BROKEN, new Answered());
    subscription.request(1);
    subscription.cancel();
    assertThat(value).isCancelled();
  }

  @Test
  void anAnswerThatComesAfterTheCancelIsReleased() {
    ByteBuf answer = Unpooled.buffer().writeByte(1);
    CompletableFuture<ByteBuf> value = new CompletableFuture<>();
    Flow.Subscription subscription = subscribe(value, BUFFERS, new Answered());
    subscription.request(1);
    subscription.cancel();
    value.complete(answer);
    assertThat(answer.refCnt()).isZero();
  }

  @Test
  void anAnswerThatWasSentIsReleasedOnce() {
    ByteBuf answer = Unpooled.buffer().writeByte(1).retain();
    Flow.Subscription subscription =
        subscribe(CompletableFuture.completedFuture(answer), BUFFERS, new Answered());
    subscription.request(1);
    subscription.cancel();
    assertThat(answer.refCnt()).isOne();
    answer.release();
  }

  @Test
  void anErrorInTheEncodingIsAFailureOfTheAnswer() {
    Answered answered = new Answered();
    subscribe(CompletableFuture.completedFuture("value"), BROKEN, answered).request(1);
    assertThat(answered.failure).isInstanceOf(AssertionError.class);
  }

  /** Else whoever waits for it would wait for ever. */
  @Test
  void anErrorInTheDecodingIsAFailureOfTheCall() {
    CompletableFuture<Object> answer = AnswerCollector.collect(new EmptyCall(), "call", BROKEN, 10);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> answer.get(1, TimeUnit.SECONDS))
        .withCauseInstanceOf(RpcException.class)
        .withMessageContaining("the answer cannot be decoded: cannot be decoded");
  }
}
