package io.muxio.rpc.endpoint;

import io.muxio.rpc.scope.CancelledStage;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.rpc.typed.ItemBudget;
import io.muxio.rpc.typed.Items;
import io.muxio.rpc.typed.Nothing;
import io.muxio.rpc.typed.ServiceMethod;
import io.muxio.rpc.typed.ServiceMethod.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One method of a service as handlers that call its implementation. */
final class ServiceBinding {
  private final ServiceMethod method;
  private final Object implementation;

  /**
   * Binds a method.
   *
   * @throws IllegalArgumentException where its module does not let us call it
   */
  ServiceBinding(ServiceMethod method, Object implementation) {
    this.method = method;
    this.implementation = implementation;
    if (!method.java().canAccess(implementation)) {
      Class<?> api = method.java().getDeclaringClass();
      Module ours = ServiceBinding.class.getModule();
      throw new IllegalArgumentException(
          "%s cannot be served: package %s is not exported by %s (expected: exports %s%s)"
              .formatted(
                  api.getName(),
                  api.getPackageName(),
                  api.getModule(),
                  api.getPackageName(),
                  ours.isNamed() ? " to " + ours.getName() : ""));
    }
  }

  void register(RpcEndpoint.Builder endpoint, ExecutionMode mode) {
    StreamMethod stream = method.stream();
    if (stream != null) {
      endpoint.handleStreamAsync(stream, this::serveStream, mode);
    } else if (method.answer() == Answer.STAGE) {
      endpoint.handleAsync(method.rpc(), (arguments, call) -> stage(arguments), mode);
    } else {
      endpoint.handle(method.rpc(), (arguments, call) -> invoke(arguments), mode);
    }
  }

  /** What cancels the stage that is returned cancels the one of the implementation. */
  private CompletionStage<Object> stage(Object[] arguments) throws Exception {
    CompletionStage<?> given = (CompletionStage<?>) invoke(arguments);
    CompletableFuture<Object> result = new CompletableFuture<>();
    given
        .thenApply(this::answerOf)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else {
                result.complete(answer);
              }
            });
    result.whenComplete(
        (answer, failure) -> {
          if (result.isCancelled()) {
            CancelledStage.cancel(given);
          }
        });
    return result;
  }

  private Object answerOf(@Nullable Object answer) {
    return answer == null && method.answersNothing() ? Nothing.NOTHING : notNull(answer);
  }

  private Object notNull(@Nullable Object answer) {
    return Objects.requireNonNull(answer, () -> method.java() + " answered null");
  }

  private Flow.Publisher<? extends ByteBuf> serveStream(ChunkReader request, StreamContext call)
      throws Exception {
    Object[] arguments = parameters(call);
    Codec<Object> items = method.items();
    if (items == null) {
      request.cancel(); // nobody reads it
    } else {
      arguments = Arrays.copyOf(arguments, arguments.length + 1);
      arguments[arguments.length - 1] =
          Items.ofChunks(request, items, ItemBudget.of(call.connection()));
    }
    Codec<Object> codec = method.rpc().responseCodec();
    return switch (method.answer()) {
      case VALUE -> Items.toChunk(CompletableFuture.completedFuture(invoke(arguments)), codec);
      case STAGE -> Items.toChunk(stage(arguments), codec);
      case PUBLISHER -> Items.toChunks((Flow.Publisher<?>) invoke(arguments), codec);
    };
  }

  private Object[] parameters(StreamContext call) {
    ByteBuf bytes = Unpooled.wrappedBuffer(call.parameters());
    try {
      return method.rpc().requestCodec().decode(bytes);
    } catch (CodecException e) {
      // They were the caller's, so what is wrong with them is for the caller to know.
      throw new RpcException(
          RpcStatus.SYSTEM_ERROR, "the request cannot be decoded: " + e.getMessage());
    } finally {
      bytes.release();
    }
  }

  private Object invoke(Object[] arguments) throws Exception {
    Object answer;
    try {
      answer = method.java().invoke(implementation, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
    return method.answer() == Answer.VALUE ? answerOf(answer) : notNull(answer);
  }
}
