package io.muxio.rpc.typed;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.typed.ServiceMethod.Answer;
import io.netty.util.ReferenceCountUtil;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the peer for the methods of an interface.
 *
 * @param definition of the interface
 * @param caller calls the peer
 * @param options how each call is made
 */
public record ServiceStub(ServiceDefinition definition, RpcCaller caller, CallOptions options)
    implements InvocationHandler {
  private static final Object[] NO_ARGUMENTS = {};

  /**
   * Makes a stub.
   *
   * @param <T> the service
   * @param api its interface
   * @param caller calls the peer
   * @param options how each call is made
   * @return the stub
   * @throws IllegalArgumentException where the interface is no service
   */
  public static <T> T of(Class<T> api, RpcCaller caller, CallOptions options) {
    Objects.requireNonNull(options, "options");
    ServiceStub stub = new ServiceStub(ServiceDefinition.of(api), caller, options);
    return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, stub));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] given = arguments == null ? NO_ARGUMENTS : arguments;
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(method, given);
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, given);
    }
    ServiceMethod called = definition.method(method);
    check(called, given);
    if (called.stream() == null) {
      return answer(called, caller.call(called.rpc(), given, options));
    }
    StreamStub stream = new StreamStub(caller, options, called, given);
    return called.answer() == Answer.PUBLISHER ? stream : answer(called, stream.call());
  }

  /** Equal proxies have equal stubs. */
  private Object ofObject(Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "toString" -> definition.api().getName() + " at " + caller;
      case "hashCode" -> hashCode();
      default ->
          arguments[0] != null
              && Proxy.isProxyClass(arguments[0].getClass())
              && equals(Proxy.getInvocationHandler(arguments[0]));
    };
  }

  private void check(ServiceMethod method, Object[] arguments) {
    RuntimeException refusal = null;
    for (int index = 0; index < arguments.length; index++) {
      if (arguments[index] == null) {
        refusal = new NullPointerException(method.rpc().name() + ": argument " + (index + 1));
      }
    }
    if (method.answer() == Answer.VALUE && !caller.mayBlock()) {
      refusal =
          new IllegalStateException(
              method.rpc().name()
                  + " on the connection's event loop, which would wait for itself (expected:"
                  + " another thread, or a method that returns a CompletionStage)");
    }
    if (refusal != null) {
      for (Object argument : arguments) {
        ReferenceCountUtil.release(argument); // it was taken over
      }
      throw refusal;
    }
  }

  private @Nullable Object answer(ServiceMethod method, CompletableFuture<Object> call)
      throws Throwable {
    return method.answer() == Answer.VALUE ? await(method, call) : relay(call);
  }

  private static @Nullable Object await(ServiceMethod method, CompletableFuture<Object> call)
      throws Throwable {
    try {
      return valueOf(call.get());
    } catch (ExecutionException e) {
      throw StubFailures.thrownHere(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      call.cancel(false);
      call.thenAccept(ReferenceCountUtil::release); // where it has come meanwhile
      Thread.currentThread().interrupt();
      throw new RpcException(
          RpcStatus.CANCELLED, method.rpc().name(), "the calling thread was interrupted", e);
    }
  }

  private static CompletableFuture<@Nullable Object> relay(CompletableFuture<Object> call) {
    CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
    call.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(StubFailures.declared(failure));
          } else if (!result.complete(valueOf(value))) {
            ReferenceCountUtil.release(value); // cancelled meanwhile, so nobody else will
          }
        });
    result.whenComplete((value, failure) -> call.cancel(false));
    return result;
  }

  private static @Nullable Object valueOf(Object value) {
    return value == Nothing.NOTHING ? null : value;
  }
}
