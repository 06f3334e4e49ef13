package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.ErrorType;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.testkit.InMemoryLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors of the application without an interface. */
class ErrorTest {
  /** An hour in a text, until noon. */
  private static final class Hour implements Codec<Integer> {
    @Override
    public ByteBuf encode(Integer hour, ByteBufAllocator allocator) {
      if (hour > 12) {
        throw new CodecException("hour: " + hour + " (expected: at most 12)");
      }
      return Codec.utf8().encode(String.valueOf(hour), allocator);
    }

    @Override
    public Integer decode(ByteBuf bytes) {
      return Integer.valueOf(Codec.utf8().decode(bytes)); // throws what is no CodecException
    }
  }

  /** An hour in words, which {@link Hour} does not expect. */
  private static final class Words implements Codec<Integer> {
    @Override
    public ByteBuf encode(Integer hour, ByteBufAllocator allocator) {
      return Codec.utf8().encode("noon", allocator);
    }

    @Override
    public Integer decode(ByteBuf bytes) {
      return 12;
    }
  }

  private static final ErrorType<Integer, Closed> CLOSED =
      ErrorType.of(Closed.class, new Hour(), Closed::new);

  /** The same error of an end that sees its data otherwise. */
  private static final ErrorType<Integer, Closed> CLOSED_IN_WORDS =
      ErrorType.of(Closed.class, new Words(), Closed::new);

  private static final RpcMethod<String, String> PLAIN =
      RpcMethod.unary("open", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OPEN = PLAIN.throwing(CLOSED);
  private static final RpcMethod<String, String> ENTER =
      RpcMethod.unary("enter", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> HOSTILE =
      RpcMethod.unary("hostile", Codec.utf8(), Codec.utf8());
  private static final StreamMethod WATCH = StreamMethod.of("watch").throwing(CLOSED);

  private InMemoryLink link;

  @BeforeEach
  void connect() {
    link =
        InMemoryLink.to(
            RpcEndpoint.builder()
                .handle(
                    OPEN,
                    (hour, call) -> {
                      throw new Closed("too early", Integer.valueOf(hour));
                    })
                .handle(
                    ENTER,
                    (hour, call) -> {
                      throw new Closed("not declared", 8);
                    })
                .handle(
                    HOSTILE.throwing(CLOSED_IN_WORDS),
                    (text, call) -> {
                      throw new Closed("eight", 8);
                    })
                .handleStream(
                    WATCH,
                    (request, response, call) -> {
                      throw new Closed("nothing to see", 9);
                    })
                .build());
  }

  @AfterEach
  void nothingIsLeft() {
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0); // handlers end after they answer
  }

  private RpcException failureOf(RpcMethod<String, String> method, String request)
      throws Exception {
    return (RpcException)
        link.client()
            .caller()
            .call(method, request)
            .handle((value, failure) -> failure)
            .get(20, TimeUnit.SECONDS);
  }

  @Test
  void aDeclaredErrorIsTheCauseOfAFail() throws Exception {
    RpcException failure = failureOf(OPEN, "8");
    assertThat(failure.status()).isEqualTo(RpcStatus.FAIL);
    assertThat(failure.detail()).isEqualTo("too early");
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(Closed.class, closed -> assertThat(closed.data()).isEqualTo(8));
  }

  @Test
  void whereOneEndDoesNotDeclareItItIsAPlainFail() throws Exception {
    assertThat(failureOf(PLAIN, "8")).hasMessage("open: FAIL: too early").hasNoCause();
    assertThat(failureOf(ENTER.throwing(CLOSED), "8"))
        .hasMessage("enter: FAIL: not declared")
        .hasNoCause();
  }

  @Test
  void dataThatCannotBeEncodedIsAnErrorOfTheHandlersEnd() throws Exception {
    assertThat(failureOf(OPEN, "13")).hasMessage("open: SYSTEM_ERROR: internal error");
  }

  /** The two ends do not agree on the data, and the caller's codec has a bug. */
  @Test
  void dataThatCannotBeDecodedIsAFailAllTheSame() throws Exception {
    assertThat(failureOf(HOSTILE.throwing(CLOSED), ""))
        .hasMessage("hostile: FAIL: eight")
        .hasCauseInstanceOf(CodecException.class);
  }

  @Test
  void aStreamEndsWithItToo() throws Exception {
    ChunkReader response = link.client().caller().open(WATCH).response();
    assertThat(
            Collected.of(response).handle((chunks, failure) -> failure).get(20, TimeUnit.SECONDS))
        .hasMessage("watch: FAIL: nothing to see")
        .cause()
        .isInstanceOfSatisfying(Closed.class, closed -> assertThat(closed.data()).isEqualTo(9));
  }
}
