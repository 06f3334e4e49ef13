package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.bitcode.Bitcode;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.testkit.InMemoryLink;
import io.muxio.testkit.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that is an interface, called through its stub. */
class ServiceTest {
  private final OpenShop implementation = new OpenShop();
  private InMemoryLink link;
  private Shop shop;

  @BeforeEach
  void connect() {
    RpcEndpoint endpoint = RpcEndpoint.builder().service(Shop.class, implementation).build();
    link = InMemoryLink.builder().server(endpoint).client(endpoint).connect();
    shop = link.client().caller().service(Shop.class);
  }

  @AfterEach
  void nothingIsLeft() {
    Awaitility.await().until(() -> link.clientUsage().equals(Usage.ZERO));
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0); // handlers end after they answer
  }

  @Test
  void valuesComeAndGo() throws Exception {
    assertThat(shop.add(new double[] {1, 2, 3.5})).isEqualTo(6.5);
    assertThat(shop.multiply(new double[] {3, 4}).toCompletableFuture().get()).isEqualTo(12);
    assertThat(shop.open(9).toCompletableFuture().get()).isNull();
  }

  @Test
  void severalParametersAreAStructOfThem() throws Exception {
    assertThat(shop.order("tea", 3, new byte[2], Optional.of(new Shop.Item("cup", 1))))
        .containsExactly(new Shop.Item("tea", 5), new Shop.Item("cup", 1));
  }

  /** What a peer without the interface sends and gets. */
  @Test
  void theBytesAreThoseOfTheConstants() {
    RpcMethod<double[], Double> add =
        RpcMethod.unary(
            "shop.add", Codec.bitcode(Bitcode.f64Array()), Codec.bitcode(Bitcode.f64()));
    RpcMethod<String, byte[]> bytes = RpcMethod.unary("shop.bytes", Codec.utf8(), Codec.bytes());
    assertThat(link.client().caller().call(add, new double[] {1, 2}).join()).isEqualTo(3);
    assertThat(link.client().caller().call(bytes, "raw").join()).containsExactly(0x72, 0x61, 0x77);
  }

  @Test
  void typesOfTheUsersOwnHaveCodecsOfTheUsersOwn() {
    Clock clock = (time, minutes) -> time.plus(Duration.ofMinutes(minutes));
    RpcEndpoint endpoint = RpcEndpoint.builder().service(Clock.class, clock).build();
    try (InMemoryLink other = InMemoryLink.to(endpoint)) {
      Clock stub = other.client().caller().service(Clock.class);
      assertThat(stub.later(Instant.EPOCH, 2)).isEqualTo("1970-01-01T00:02:00Z");
    }
  }

  @Test
  void bytesAreSentAsTheyAre() {
    assertThat(shop.bytes(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    ByteBuf answer = shop.buffer(Unpooled.copiedBuffer(new byte[] {4, 5}));
    assertThat(answer.readShort()).isEqualTo((short) 0x0405);
    answer.release();
  }

  @Test
  void theServerCallsTheClientInTheSameWay() {
    shop.add(new double[0]);
    Shop back = link.server().caller().service(Shop.class);
    assertThat(back.add(new double[] {2, 2})).isEqualTo(4);
  }

  @Test
  void theMethodKnowsItsCall() {
    shop.add(new double[0]);
    CallContext call = implementation.calls.get(0);
    assertThat(call.method().name()).isEqualTo("shop.add");
    assertThat(call.connection()).isSameAs(link.server());
    assertThatIllegalStateException()
        .isThrownBy(CallContext::current)
        .withMessageContaining("serves no call");
  }

  @Test
  void defaultMethodsAndThoseOfObjectRunHere() {
    assertThat(shop.addAndDouble(1, 2)).isEqualTo(6);
    Shop same = link.client().caller().service(Shop.class);
    assertThat(shop).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo("a shop");
    assertThat(shop)
        .isNotEqualTo(
            link.client().caller().service(Shop.class, CallOptions.deadline(Duration.ofDays(1))));
    assertThat(shop.toString()).contains(Shop.class.getName());
  }

  @Test
  void aDeclaredErrorComesOutAsItself() {
    assertThatThrownBy(() -> shop.order("tea", 11, new byte[0], Optional.empty()))
        .isInstanceOfSatisfying(
            OutOfStock.class,
            failure -> {
              assertThat(failure).hasMessage("only 10 left");
              assertThat(failure.data()).isEqualTo(new OutOfStock.Left("tea", 10));
              assertThat(failure.getStackTrace())
                  .anySatisfy(
                      frame ->
                          assertThat(frame.getClassName()).startsWith("io.muxio.testkit.typed"));
            });
    assertThatThrownBy(() -> shop.orderLater(new Shop.Item("tea", 11)).toCompletableFuture().get())
        .cause()
        .isInstanceOfSatisfying(
            OutOfStock.class,
            failure -> assertThat(failure.data()).isEqualTo(new OutOfStock.Left("tea", 10)));
    assertThatThrownBy(() -> shop.open(7).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(Closed.class, failure -> assertThat(failure.data()).isEqualTo(8));
  }

  @Test
  void aFailureTellsWhereTheStubWasCalled() {
    assertThatThrownBy(shop::clear)
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> {
              assertThat(failure.status()).isEqualTo(RpcStatus.NOT_FOUND);
              assertThat(failure.method()).isEqualTo("shop.clear");
              assertThat(failure.detail()).isEqualTo("nothing to clear");
              assertThat(failure.getStackTrace())
                  .anySatisfy(
                      frame ->
                          assertThat(frame.getMethodName())
                              .isEqualTo("aFailureTellsWhereTheStubWasCalled"));
            });
  }

  @Test
  void nullIsNoArgument() {
    assertThatNullPointerException()
        .isThrownBy(() -> shop.bytes(null))
        .withMessage("shop.bytes: argument 1");
  }

  @Test
  void cancellingTheFutureGivesTheCallUp() throws Exception {
    implementation.product = new CompletableFuture<>();
    CompletableFuture<Double> call = shop.multiply(new double[0]).toCompletableFuture();
    assertThat(implementation.reached.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(call.cancel(false)).isTrue();
    implementation.product.complete(1.0);
  }

  @Test
  void aDeadlineIsTheStubs() {
    implementation.product = new CompletableFuture<>();
    Shop hasty =
        link.client().caller().service(Shop.class, CallOptions.deadline(Duration.ofMillis(20)));
    assertThatThrownBy(() -> hasty.multiply(new double[0]).toCompletableFuture().get())
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED));
    implementation.product.complete(1.0);
  }

  @Test
  void anInterruptGivesTheCallUp() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                Thread.currentThread().interrupt();
                shop.add(new double[0]);
              } catch (RpcException e) {
                thrown.complete(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    caller.start();
    assertThat(thrown.get(20, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.CANCELLED));
    caller.join();
  }

  @Test
  void waitingOnTheEventLoopIsRefused() {
    OpenShop blocks =
        new OpenShop() {
          @Override
          public double add(double[] prices) {
            return CallContext.current().connection().caller().service(Shop.class).add(prices);
          }
        };
    RpcEndpoint endpoint =
        RpcEndpoint.builder()
            .service(Shop.class, blocks, ExecutionMode.EVENT_LOOP)
            .exposeErrors(true)
            .build();
    try (InMemoryLink other = InMemoryLink.to(endpoint)) {
      Shop stub = other.client().caller().service(Shop.class);
      assertThatThrownBy(() -> stub.add(new double[0]))
          .isInstanceOf(RpcException.class)
          .hasMessageContaining("shop.add on the connection's event loop");
      assertThat(other.serverUsage()).isEqualTo(Usage.ZERO);
    }
  }

  @Test
  void allMethodsRegisterOnce() {
    RpcEndpoint.Builder endpoint = RpcEndpoint.builder().service(Shop.class, implementation);
    assertThatThrownBy(() -> endpoint.service(Doors.class, implementation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'shop.open' is registered twice");
  }
}
