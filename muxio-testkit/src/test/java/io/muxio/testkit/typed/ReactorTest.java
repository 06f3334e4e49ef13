package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.InMemoryLink;
import io.muxio.testkit.Usage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;
import reactor.core.publisher.Flux;

/** Streams of a service whose both ends are written with a library of Reactive Streams. */
class ReactorTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int MANY = 1_000;

  private final FluxShop implementation = new FluxShop();
  private InMemoryLink link;
  private Shop shop;

  /** Takes and gives streams as that library has them. */
  private static final class FluxShop extends OpenShop {
    final CompletableFuture<Void> left = new CompletableFuture<>();

    @Override
    public Flow.Publisher<Item> items(String article, int count) throws OutOfStock {
      Flux<Item> items =
          count < 0
              ? Flux.error(new OutOfStock("none at all", new OutOfStock.Left(article, 0)))
              : Flux.range(0, count).map(index -> new Item(article, index));
      return FlowAdapters.toFlowPublisher(items.doOnCancel(() -> left.complete(null)));
    }

    @Override
    public CompletionStage<Integer> upload(Flow.Publisher<byte[]> chunks) {
      return Flux.from(FlowAdapters.toPublisher(chunks))
          .map(chunk -> chunk.length)
          .reduce(0, Integer::sum)
          .toFuture();
    }
  }

  @BeforeEach
  void connect() {
    link = InMemoryLink.to(RpcEndpoint.builder().service(Shop.class, implementation).build());
    shop = link.client().caller().service(Shop.class);
  }

  @AfterEach
  void nothingIsLeft() {
    Awaitility.await().until(() -> link.clientUsage().equals(Usage.ZERO));
    Awaitility.await().until(() -> link.serverUsage().equals(Usage.ZERO));
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0);
  }

  private Flux<Shop.Item> items(int count) throws OutOfStock {
    return Flux.from(FlowAdapters.toPublisher(shop.items("tea", count)));
  }

  @Test
  void anAnswer() throws Exception {
    assertThat(items(MANY).map(Shop.Item::count).collectList().block(LONG))
        .isEqualTo(Flux.range(0, MANY).collectList().block(LONG));
  }

  @Test
  void aRequest() throws Exception {
    Flux<byte[]> chunks = Flux.range(0, 100).map(byte[]::new);
    assertThat(shop.upload(FlowAdapters.toFlowPublisher(chunks)).toCompletableFuture().get())
        .isEqualTo(4_950);
  }

  @Test
  void aConversation() {
    Flux<String> questions = Flux.range(0, MANY).map(String::valueOf);
    assertThat(
            Flux.from(FlowAdapters.toPublisher(shop.chat(FlowAdapters.toFlowPublisher(questions))))
                .collectList()
                .block(LONG))
        .isEqualTo(questions.collectList().block(LONG));
  }

  @Test
  void whoTakesSomeEndsTheRest() throws Exception {
    assertThat(items(Integer.MAX_VALUE).take(3).count().block(LONG)).isEqualTo(3);
    assertThat(implementation.left).succeedsWithin(LONG);
  }

  @Test
  void aDeclaredError() {
    assertThat(catchThrowable(() -> items(-1).blockLast(LONG)))
        .hasCauseInstanceOf(OutOfStock.class);
  }
}
