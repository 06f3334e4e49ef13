package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.testkit.InMemoryLink;
import io.muxio.testkit.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Methods of a service that take or give streams. */
class StreamServiceTest {
  private static final int MANY = 1_000;

  private final OpenShop implementation = new OpenShop();
  private InMemoryLink link;
  private Shop shop;

  @BeforeEach
  void connect() {
    link =
        InMemoryLink.to(
            RpcEndpoint.builder()
                .service(Shop.class, implementation)
                .handleStream(StreamMethod.of("cut"), StreamServiceTest::cutInPieces)
                .handleStream(
                    StreamMethod.of("long"),
                    (request, response, call) ->
                        response.write(Unpooled.buffer().writeIntLE((4 << 20) + 1)))
                .build());
    shop = link.client().caller().service(Shop.class);
  }

  /** Gives its parameters back byte by byte. */
  private static void cutInPieces(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    for (byte one : call.parameters()) {
      response.write(Unpooled.buffer(1).writeByte(one));
    }
  }

  @AfterEach
  void nothingIsLeft() {
    Awaitility.await().until(() -> link.clientUsage().equals(Usage.ZERO));
    Awaitility.await().until(() -> link.serverUsage().equals(Usage.ZERO));
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0); // handlers end after they answer
  }

  private static <T> Counting<T> counting(int count, IntFunction<T> item) {
    return new Counting<>(count, item, new CompletableFuture<>());
  }

  private static <T> List<T> all(Flow.Publisher<T> publisher) throws Exception {
    return Collected.of(publisher).get(20, TimeUnit.SECONDS);
  }

  @Test
  void itemsComeInOrder() throws Exception {
    assertThat(all(shop.items("tea", MANY)))
        .isEqualTo(IntStream.range(0, MANY).mapToObj(i -> new Shop.Item("tea", i)).toList());
  }

  @Test
  void eachSubscriptionIsACall() throws Exception {
    Flow.Publisher<Shop.Item> items = shop.items("tea", 2);
    assertThat(all(items)).hasSize(2).isEqualTo(all(items));
  }

  @Test
  void itemsGoWithTheParametersBeforeThem() {
    assertThat(shop.total(0.5, counting(MANY, i -> 2.0))).isEqualTo(MANY);
  }

  @Test
  void itemsGoAndComeAtTheSameTime() throws Exception {
    assertThat(all(shop.chat(counting(MANY, String::valueOf))))
        .isEqualTo(IntStream.range(0, MANY).mapToObj(String::valueOf).toList());
  }

  @Test
  void anItemMayBeLongerThanAChunkAndMayBeEmpty() throws Exception {
    String text = "x".repeat(300_000);
    assertThat(all(shop.chat(counting(4, i -> i % 2 == 0 ? "" : text))))
        .containsExactly("", text, "", text);
  }

  @Test
  void bytesAreTheChunksAsTheyAre() throws Exception {
    List<ByteBuf> chunks =
        all(shop.raw(counting(3, i -> Unpooled.copiedBuffer("" + i, StandardCharsets.UTF_8))));
    assertThat(chunks).extracting(chunk -> chunk.toString(StandardCharsets.UTF_8)).hasSize(3);
    chunks.forEach(ByteBuf::release);
    assertThat(shop.upload(counting(10, byte[]::new)).toCompletableFuture().get()).isEqualTo(45);
  }

  @Test
  void anErrorBeforeTheFirstItemIsTheDeclaredOne() {
    assertThatThrownBy(() -> all(shop.items("tea", -1)))
        .cause()
        .isInstanceOfSatisfying(
            OutOfStock.class,
            failure -> assertThat(failure.data()).isEqualTo(new OutOfStock.Left("tea", 0)));
    assertThatThrownBy(() -> shop.upload(counting(0, byte[]::new)).toCompletableFuture().get())
        .cause()
        .isInstanceOf(Closed.class)
        .hasMessage("nothing came");
  }

  @Test
  void onlyWhatIsAskedForIsTaken() throws Exception {
    Slow slow = new Slow();
    shop.items("tea", Integer.MAX_VALUE).subscribe(slow);
    Awaitility.await().until(() -> slow.count == 1);
    slow.subscription.request(2);
    Awaitility.await().until(() -> slow.count == 3);
    slow.subscription.cancel();
    assertThat(implementation.cancelled).succeedsWithin(Duration.ofSeconds(20));
  }

  private static final class Slow implements Flow.Subscriber<Shop.Item> {
    volatile Flow.Subscription subscription;
    volatile int count;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(Shop.Item item) {
      count = item.count() + 1;
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete() {}
  }

  private Flow.Publisher<String> cut(byte... bytes) {
    return link.client().caller().service(Strange.class).cut(bytes);
  }

  @Test
  void itDoesNotMatterWhereChunksAreCut() throws Exception {
    assertThat(all(cut(new byte[] {3, 0, 0, 0, 2, 'h', 'i', 1, 0, 0, 0, 0})))
        .containsExactly("hi", "");
  }

  @Test
  void whatIsNoItemFailsTheStream() {
    assertFails(cut((byte) 3, (byte) 0), "ended within an item: 2 bytes of its length have come");
    assertFails(
        cut(new byte[] {3, 0, 0, 0, 2}), "ended within an item: 1 bytes of 3 bytes have come");
    assertFails(cut(new byte[] {1, 0, 0, 0, 7}), "an item of the stream cannot be decoded");
    assertFails(
        link.client().caller().service(Strange.class).tooLong(),
        "4194305 bytes (expected: at most 4194304)");
  }

  private static void assertFails(Flow.Publisher<?> publisher, String detail) {
    assertThatThrownBy(() -> all(publisher))
        .cause()
        .isInstanceOf(RpcException.class)
        .hasMessageContaining(detail)
        .extracting(failure -> ((RpcException) failure).method())
        .isNotNull();
  }

  @Test
  void aSingleAnswerIsWithinTheOptions() {
    Shop bounded = bounded(100);
    assertThat(bounded.total(0.5, counting(2, i -> 2.0))).isEqualTo(2);
    assertThatThrownBy(() -> bounded(7).total(0.5, counting(2, i -> 2.0)))
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.REJECTED))
        .hasMessageContaining("the answer has more than 7 bytes");
  }

  private Shop bounded(int bytes) {
    return link.client()
        .caller()
        .service(Shop.class, CallOptions.DEFAULT.withMaxResponseSize(bytes));
  }

  @Test
  void parametersThatAreTooLongCallNobody() {
    assertThatThrownBy(() -> cut(new byte[65_536]))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("cut: parameters of 65536 bytes (expected: at most 65535");
  }

  @Test
  void parametersThatCannotBeDecodedFailTheCall() {
    Flow.Publisher<String> refused =
        link.client().caller().service(Strange.class).refused("one", counting(1, i -> "a"));
    assertThatThrownBy(() -> all(refused))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.SYSTEM_ERROR))
        .hasMessageContaining("the request cannot be decoded");
  }

  @Test
  void anItemThatIsTooLongFailsItsSender() {
    Flow.Publisher<String> chat = shop.chat(counting(1, i -> "x".repeat((4 << 20) + 1)));
    assertThatThrownBy(() -> all(chat)).cause().hasMessageContaining("expected: at most 4194304");
  }
}
