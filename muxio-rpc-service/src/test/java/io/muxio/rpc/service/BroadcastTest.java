package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  private final AtomicInteger encoded = new AtomicInteger();
  private final RpcMethod<String, String> news =
      RpcMethod.unary("news", new CountingCodec(), Codec.utf8());

  private final class CountingCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      encoded.incrementAndGet();
      return Codec.utf8().encode(value, allocator);
    }

    @Override
    public String decode(ByteBuf bytes) {
      return Codec.utf8().decode(bytes);
    }
  }

  /** Keeps the requests, and answers when the test wants it. */
  private static final class Peer implements RpcConnection, RpcCaller {
    final List<ByteBuf> requests = new ArrayList<>();
    final CompletableFuture<Object> answer = new CompletableFuture<>();
    RuntimeException thrown;

    @Override
    @SuppressWarnings("unchecked")
    public <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options) {
      ByteBuf bytes = method.requestCodec().encode(request, ByteBufAllocator.DEFAULT);
      requests.add(bytes);
      if (thrown != null) {
        throw thrown;
      }
      return (CompletableFuture<R>) answer;
    }

    @Override
    public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
      throw new UnsupportedOperationException("a broadcast opens no stream");
    }

    @Override
    public boolean mayBlock() {
      return true;
    }

    String take() {
      ByteBuf bytes = requests.get(0);
      String text =
          bytes.readCharSequence(bytes.readableBytes(), StandardCharsets.UTF_8).toString();
      bytes.release();
      return text;
    }

    @Override
    public long id() {
      return 1;
    }

    @Override
    public SocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved("peer", 1);
    }

    @Override
    public RpcCaller caller() {
      return this;
    }

    @Override
    public ConnectionState state() {
      return ConnectionState.CONNECTED;
    }

    @Override
    public <T> Attribute<T> attr(AttributeKey<T> key) {
      throw new UnsupportedOperationException("no test sets attributes");
    }

    @Override
    public CompletionStage<Void> close() {
      return CompletableFuture.completedStage(null);
    }
  }

  @Test
  void eachPeerGetsTheRequestAndEachOutcomeIsThere() {
    Peer good = new Peer();
    Peer bad = new Peer();
    Peer broken = new Peer();
    broken.thrown = new IllegalStateException("no caller");
    CompletableFuture<List<Broadcast.Outcome<String>>> outcomes =
        Broadcast.call(List.of(good, bad, broken), news, "extra", CallOptions.DEFAULT);
    assertThat(encoded).hasValue(1);
    for (Peer peer : List.of(good, bad, broken)) {
      assertThat(peer.take()).as("each reads it from the beginning").isEqualTo("extra");
    }
    assertThat(good.requests.get(0).refCnt()).as("nobody holds the request").isZero();
    good.answer.complete("thanks");
    assertThat(outcomes).isNotDone();
    bad.answer.completeExceptionally(new RpcException(RpcStatus.FAIL, "news", "no paper", null));

    List<Broadcast.Outcome<String>> all = outcomes.join();
    assertThat(all).extracting("connection").containsExactly(good, bad, broken);
    assertThat(all).extracting(Broadcast.Outcome::isSuccess).containsExactly(true, false, false);
    assertThat(all.get(0).value()).isEqualTo("thanks");
    assertThat(all.get(1).failure().status()).isEqualTo(RpcStatus.FAIL);
    assertThat(all.get(2).failure())
        .hasMessageContaining("news: REJECTED")
        .hasMessageContaining("no caller");
  }

  @Test
  void toNobodyIsDoneAtOnceAndReleasesTheRequest() {
    RpcMethod<ByteBuf, String> raw = RpcMethod.unary("raw", Codec.byteBuf(), Codec.utf8());
    ByteBuf request = Unpooled.buffer(4).writeInt(1);

    assertThat(Broadcast.call(List.of(), raw, request, CallOptions.DEFAULT))
        .isCompletedWithValue(List.of());
    assertThat(request.refCnt()).isZero();
  }

  @Test
  void aRequestThatCannotBeEncodedCallsNobody() {
    Peer peer = new Peer();

    assertThatThrownBy(() -> Broadcast.call(List.of(peer), news, "\ud800", CallOptions.DEFAULT))
        .isInstanceOf(CodecException.class);
    assertThat(peer.requests).isEmpty();
  }

  @Test
  void cancellingGivesUpTheCallsThatAreNotDone() {
    Peer answered = new Peer();
    Peer waiting = new Peer();
    CompletableFuture<List<Broadcast.Outcome<String>>> outcomes =
        Broadcast.call(List.of(answered, waiting), news, "extra", CallOptions.DEFAULT);
    answered.take();
    waiting.take();
    answered.answer.complete("thanks");
    outcomes.cancel(false);

    assertThat(waiting.answer).isCancelled();
    assertThat(answered.answer).isCompletedWithValue("thanks");
  }

  @Test
  void aCallThatIsGivenUpIsAnOutcomeLikeAnyOther() {
    Peer peer = new Peer();
    CompletableFuture<List<Broadcast.Outcome<String>>> outcomes =
        Broadcast.call(List.of(peer), news, "extra", CallOptions.DEFAULT);
    peer.take();
    peer.answer.cancel(false);

    assertThat(outcomes.join().get(0).failure().status()).isEqualTo(RpcStatus.CANCELLED);
  }
}
