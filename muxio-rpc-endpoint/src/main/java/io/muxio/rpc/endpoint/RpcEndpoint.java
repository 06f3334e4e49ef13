package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundRouter;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.rpc.typed.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The methods that one end serves. Immutable but for the count of the calls that run; one endpoint
 * serves any number of connections, on any threads.
 */
public final class RpcEndpoint {
  private final MethodTable methods;
  private final boolean exposeErrors;
  private final CallGate gate;

  private RpcEndpoint(MethodTable methods, boolean exposeErrors, CallGate gate) {
    this.methods = methods;
    this.exposeErrors = exposeErrors;
    this.gate = gate;
  }

  /**
   * A builder without methods.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes this endpoint serve a connection.
   *
   * @param host what the endpoint needs of the connection
   * @return where the connection's calls go, on the connection's thread
   */
  public InboundRouter serve(EndpointHost host) {
    return new ConnectionRouter(methods, ServedConnection.of(host, gate, exposeErrors));
  }

  /**
   * How many calls there are at this moment on all connections that the endpoint serves, as {@link
   * Builder#maxCalls} counts them.
   *
   * @return 0 to {@code maxCalls}
   */
  public int calls() {
    return gate.calls();
  }

  /** Collects methods; refuses duplicates at once. Not thread-safe. */
  public static final class Builder {
    private final MethodTable methods = new MethodTable();
    private final List<HandlerInterceptor> interceptors = new ArrayList<>();
    private boolean exposeErrors;
    private int maxCalls = Integer.MAX_VALUE;
    private @Nullable ConcurrencyLimit concurrencyLimit;

    private Builder() {}

    /**
     * Registers a handler that may block; it runs on the handler executor.
     *
     * @param <Q> the type of the request
     * @param <R> the type of the answer
     * @param method what it serves
     * @param handler serves it
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public <Q, R> Builder handle(RpcMethod<Q, R> method, UnaryHandler<Q, R> handler) {
      return handle(method, handler, ExecutionMode.EXECUTOR);
    }

    /**
     * Registers a handler.
     *
     * @param <Q> the type of the request
     * @param <R> the type of the answer
     * @param method what it serves
     * @param handler serves it
     * @param mode where it runs
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public <Q, R> Builder handle(
        RpcMethod<Q, R> method, UnaryHandler<Q, R> handler, ExecutionMode mode) {
      Objects.requireNonNull(handler, "handler");
      return add(new UnaryRegistration<>(method, handler, null, mode));
    }

    /**
     * Registers a handler that answers later; it is called on the handler executor.
     *
     * @param <Q> the type of the request
     * @param <R> the type of the answer
     * @param method what it serves
     * @param handler serves it
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public <Q, R> Builder handleAsync(RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler) {
      return handleAsync(method, handler, ExecutionMode.EXECUTOR);
    }

    /**
     * Registers a handler that answers later.
     *
     * @param <Q> the type of the request
     * @param <R> the type of the answer
     * @param method what it serves
     * @param handler serves it
     * @param mode where it is called
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public <Q, R> Builder handleAsync(
        RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler, ExecutionMode mode) {
      Objects.requireNonNull(handler, "handler");
      return add(new UnaryRegistration<>(method, null, handler, mode));
    }

    /**
     * Registers a streaming handler that may block; it runs on the handler executor.
     *
     * @param method what it serves
     * @param handler serves it
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public Builder handleStream(StreamMethod method, StreamHandler handler) {
      Objects.requireNonNull(handler, "handler");
      return add(new StreamRegistration(method, handler, null, ExecutionMode.EXECUTOR));
    }

    /**
     * Registers a streaming handler that does not block; it is called on the handler executor.
     *
     * @param method what it serves
     * @param handler serves it
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public Builder handleStreamAsync(StreamMethod method, AsyncStreamHandler handler) {
      return handleStreamAsync(method, handler, ExecutionMode.EXECUTOR);
    }

    /**
     * Registers a streaming handler that does not block.
     *
     * @param method what it serves
     * @param handler serves it
     * @param mode where it is called, and where it gets chunks and is asked for them
     * @return this builder
     * @throws IllegalArgumentException where the method's id is taken; names both methods
     */
    public Builder handleStreamAsync(
        StreamMethod method, AsyncStreamHandler handler, ExecutionMode mode) {
      Objects.requireNonNull(handler, "handler");
      return add(new StreamRegistration(method, null, handler, mode));
    }

    /**
     * Registers every method of a service that is an interface, see {@link
     * io.muxio.rpc.service.RpcName}. The methods may block; they run on the handler executor.
     *
     * @param <T> the service
     * @param api its interface
     * @param implementation serves it, any number of calls at once
     * @return this builder
     * @throws IllegalArgumentException where the interface is no service: lists every method that
     *     cannot be served, with the reason; where its module does not export it; or where a
     *     method's id is taken: names both methods
     */
    public <T> Builder service(Class<T> api, T implementation) {
      return service(api, implementation, ExecutionMode.EXECUTOR);
    }

    /**
     * Registers every method of a service that is an interface.
     *
     * @param <T> the service
     * @param api its interface
     * @param implementation serves it, any number of calls at once
     * @param mode where its methods run; on the event loop none may block
     * @return this builder
     * @throws IllegalArgumentException see {@link #service(Class, Object)}
     */
    public <T> Builder service(Class<T> api, T implementation, ExecutionMode mode) {
      Objects.requireNonNull(implementation, "implementation");
      ServiceDefinition.of(api).methods().stream()
          .map(method -> new ServiceBinding(method, implementation))
          .toList()
          .forEach(binding -> binding.register(this, mode));
      return this;
    }

    /**
     * Registers every method of another endpoint, so that what is served can be put together
     * elsewhere, or served twice.
     *
     * @param other its methods are taken with the interceptors that they have there, which run
     *     behind those of this endpoint; its {@link #exposeErrors} and its limits are not
     * @return this builder
     * @throws IllegalArgumentException where a method's id is taken; names both methods
     */
    public Builder handleAll(RpcEndpoint other) {
      methods.addAll(other.methods);
      return this;
    }

    /**
     * Adds an interceptor around the handlers of all methods, whether registered before or after
     * it. For some methods only, register them with an endpoint of their own and {@link #handleAll}
     * that.
     *
     * @param interceptor the first that is added is the outermost
     * @return this builder
     */
    public Builder handlerInterceptor(HandlerInterceptor interceptor) {
      interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
      return this;
    }

    /**
     * Whether the text of an unexpected exception is sent to the caller. By default the caller gets
     * "internal error" and the detail stays in the log.
     *
     * @param expose true to send it
     * @return this builder
     */
    public Builder exposeErrors(boolean expose) {
      exposeErrors = expose;
      return this;
    }

    /**
     * How many calls there may be at once on all connections that the endpoint serves together,
     * unary and streaming; one more is refused with {@link
     * io.muxio.rpc.service.RpcStatus#OVERLOADED}. A unary call counts from when its request has
     * come whole, so that peers that send slowly take no place; a streaming call from its
     * beginning. It counts until it is over, and on from there while its handler is at work.
     *
     * @param calls 1 or more; by default there is no limit but that of each connection, {@link
     *     io.muxio.core.frame.CoreLimits#maxInboundCalls()}
     * @return this builder
     * @throws IllegalArgumentException where it is less
     */
    public Builder maxCalls(int calls) {
      if (calls < 1) {
        throw new IllegalArgumentException("maxCalls: " + calls + " (expected: 1 or more)");
      }
      maxCalls = calls;
      return this;
    }

    /**
     * How many unary calls there may be at once on all connections together, decided from how long
     * they take; one more is refused with {@link io.muxio.rpc.service.RpcStatus#OVERLOADED} and the
     * time after which to try again. Besides {@link #maxCalls}, which bounds streaming calls too.
     *
     * @param limit such as {@link ConcurrencyLimit#adaptive}; by default there is none
     * @return this builder
     */
    public Builder concurrencyLimit(ConcurrencyLimit limit) {
      concurrencyLimit = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /**
     * Makes the endpoint; the builder may be used on.
     *
     * @return the endpoint
     */
    public RpcEndpoint build() {
      return new RpcEndpoint(
          methods.behind(interceptors), exposeErrors, new CallGate(maxCalls, concurrencyLimit));
    }

    private Builder add(Registration registration) {
      Objects.requireNonNull(registration.mode(), "mode");
      methods.add(registration.method().id(), registration.method().name(), registration);
      return this;
    }
  }
}
