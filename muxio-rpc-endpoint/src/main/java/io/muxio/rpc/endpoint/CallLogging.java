package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.CallInterceptor;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs a line for each call when it is over: method, peer, status, how long it took, and what it
 * failed with. For either end, or both:
 *
 * <pre>{@code
 * CallLogging logging = new CallLogging();
 * builder.callInterceptor(logging).handlerInterceptor(logging);
 * }</pre>
 *
 * A success is logged at debug; what a handler chose to say, and a cancel, at info; every other
 * failure at warn. The logger has the name of this class.
 */
public final class CallLogging implements CallInterceptor, HandlerInterceptor {
  private static final Logger logger = LoggerFactory.getLogger(CallLogging.class);
  private static final int MAX_TEXT = 500;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Makes the interceptor, which keeps nothing. */
  public CallLogging() {}

  @Override
  public <Q, R> CompletableFuture<R> call(
      RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
    long start = System.nanoTime();
    return next.call(method, request, options)
        .whenComplete((answer, failure) -> called(method, next, start, failure));
  }

  @Override
  public StreamCall open(
      StreamMethod method, byte[] parameters, CallOptions options, RpcCaller next) {
    long start = System.nanoTime();
    StreamCall call = next.open(method, parameters, options);
    call.ended().whenComplete((nothing, failure) -> called(method, next, start, failure));
    return call;
  }

  @Override
  public CompletionStage<?> handle(CallContext call, Next next) {
    long start = System.nanoTime();
    return next.proceed()
        .whenComplete(
            (answer, thrown) -> {
              Throwable failure = thrown == null ? null : FailureBody.unwrap(thrown);
              // What a call of the handler's failed with is none of the caller's business.
              boolean ofHandler = failure instanceof RpcException known && known.method() != null;
              RpcStatus status = ofHandler ? RpcStatus.SYSTEM_ERROR : statusOf(failure);
              log("served", call.method(), call.connection(), status, start, failure);
            });
  }

  private static void called(
      MethodDescriptor method, RpcCaller peer, long start, @Nullable Throwable thrown) {
    Throwable failure = thrown == null ? null : FailureBody.unwrap(thrown);
    log("called", method, peer, statusOf(failure), start, failure);
  }

  private static RpcStatus statusOf(@Nullable Throwable failure) {
    if (failure == null) {
      return RpcStatus.SUCCESS;
    }
    if (failure instanceof RpcException known) {
      return known.status();
    }
    if (failure instanceof ApplicationException) {
      return RpcStatus.FAIL;
    }
    return failure instanceof CancellationException ? RpcStatus.CANCELLED : RpcStatus.SYSTEM_ERROR;
  }

  private static void log(
      String what,
      MethodDescriptor method,
      Object peer,
      RpcStatus status,
      long start,
      @Nullable Throwable failure) {
    Level level =
        switch (status) {
          case SUCCESS -> Level.DEBUG;
          case FAIL, NOT_FOUND, CANCELLED -> Level.INFO;
          case SYSTEM_ERROR, DEADLINE_EXCEEDED, DISCONNECTED, REJECTED, OVERLOADED -> Level.WARN;
        };
    if (logger.isEnabledForLevel(level)) {
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      String why = failure == null ? "" : ": " + loggable(String.valueOf(failure.getMessage()));
      logger
          .atLevel(level)
          .log("{} {}, {}: {} after {}{}", what, method.name(), peer, status, taken, why);
    }
  }

  /** What a peer has said must not look like a line of ours, nor fill the log. */
  private static String loggable(String text) {
    String bounded = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    return CONTROL.matcher(bounded).replaceAll("?");
  }
}
