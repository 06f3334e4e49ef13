package io.muxio.rpc.typed;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One call of a streaming method of a stub, with its arguments, or as many as it is subscribed to.
 */
final class StreamStub implements ItemSource.Publisher {
  private static final int MAX_PARAMETERS = 0xffff;

  private final RpcCaller caller;
  private final CallOptions options;
  private final ServiceMethod method;
  private final byte[] parameters;
  private final Flow.@Nullable Publisher<?> items;

  StreamStub(RpcCaller caller, CallOptions options, ServiceMethod method, Object[] arguments) {
    this.caller = caller;
    this.options = options;
    this.method = method;
    int last = arguments.length - 1;
    this.items = method.items() == null ? null : (Flow.Publisher<?>) arguments[last];
    this.parameters = encode(items == null ? arguments : Arrays.copyOf(arguments, last));
  }

  private byte[] encode(Object[] values) {
    ByteBuf bytes = method.rpc().requestCodec().encode(values, ByteBufAllocator.DEFAULT);
    try {
      if (bytes.readableBytes() > MAX_PARAMETERS) {
        throw new CodecException(
            method.rpc().name()
                + ": parameters of "
                + bytes.readableBytes()
                + " bytes (expected: at most "
                + MAX_PARAMETERS
                + " where the method has a stream)");
      }
      return ByteBufUtil.getBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  /** Calls the method, whose answer is one value. */
  CompletableFuture<Object> call() {
    return AnswerCollector.collect(
        makeCall(), method.rpc().name(), method.rpc().responseCodec(), options.maxResponseSize());
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Object> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    Items.ofChunks(makeCall().response(), method.rpc().responseCodec(), newBudget(), this::failure)
        .subscribe(subscriber);
  }

  @Override
  public ItemSource open() {
    return new ChunkItems(
        makeCall().response(), method.rpc().responseCodec(), newBudget(), this::thrownHere);
  }

  /** One answer to a call that was made here: the bound of an item is enough. */
  private static ItemBudget newBudget() {
    return new ItemBudget();
  }

  private StreamCall makeCall() {
    StreamMethod stream = Objects.requireNonNull(method.stream(), "stream");
    StreamCall call = caller.open(stream, parameters, options);
    if (items == null || method.items() == null) {
      // A request that has ended cannot be cancelled any more. A peer that knows nothing of typed
      // items may wait for its end, though.
      if (TypeCodecs.isRaw(method.rpc().responseCodec())) {
        call.request().end();
      }
      return call;
    }
    try {
      call.request().writeAll(Items.toChunks(items, method.items()));
    } catch (RpcException e) {
      // The call is over already, as its answer tells.
    }
    return call;
  }

  /** What is wrong with the items does not know the method. */
  private Throwable failure(Throwable cause) {
    return cause instanceof RpcException failure && failure.method() == null
        ? new RpcException(failure.status(), method.rpc().name(), failure.detail(), failure)
        : StubFailures.declared(cause);
  }

  /** The same for a thread that takes the items, whose loop cannot throw what is declared. */
  private RpcException thrownHere(RpcException thrown) {
    RpcException told = thrown.getCause() instanceof RpcException first ? first : thrown;
    return StubFailures.here(told, method.rpc().name());
  }
}
