package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may know of the call it serves, and the scope of the calls that it makes. Safe to
 * use from any thread.
 */
public interface CallContext extends CallScope {
  /**
   * The call that the current thread serves, for those that are not handed it, such as the methods
   * of a service that is an interface. Other threads that the work goes on in take it along, see
   * {@link CallScope}.
   *
   * @return the call whose handler, or interceptor, runs on this thread
   * @throws IllegalStateException where none does
   */
  static CallContext current() {
    if (CallScope.current() instanceof CallContext call) {
      return call;
    }
    throw new IllegalStateException(
        "thread "
            + Thread.currentThread().getName()
            + " serves no call (expected: a handler's thread, or one that took the scope of its"
            + " call along)");
  }

  /**
   * The method that was called.
   *
   * @return as it was registered
   */
  MethodDescriptor method();

  /**
   * The connection that the call came over.
   *
   * @return the connection to the caller
   */
  RpcConnection connection();

  /**
   * Where the caller is.
   *
   * @return the address of {@link #connection()}
   */
  default SocketAddress remoteAddress() {
    return connection().remoteAddress();
  }

  /**
   * Who calls, for a handler to decide what the caller may do.
   *
   * @return the principal of {@link #connection()}; null where the caller has no name
   */
  default @Nullable Principal principal() {
    return connection().principal();
  }

  /**
   * What the caller says of the call beside the request.
   *
   * @return empty where it says nothing, and always of a published caller
   */
  Metadata metadata();

  /**
   * What the caller gets beside the answer, or beside the failure in its place, where what the
   * {@link RpcException} has comes behind it. What the caller does not take is left out, which the
   * log tells; a published caller takes none.
   *
   * <pre>{@code
   * call.answerMetadata(call.answerMetadata().with("cost", "12"));   // beside what there is
   * }</pre>
   *
   * @param metadata takes the place of what there was; of no use once the answer has begun: when a
   *     handler has returned, its stage is complete, or the first chunk was written
   */
  void answerMetadata(Metadata metadata);

  /**
   * What was set by {@link #answerMetadata(Metadata)}.
   *
   * @return empty where nothing was
   */
  Metadata answerMetadata();

  /**
   * How long the answer is still wanted: until the {@code callTimeout} of a unary call, or the
   * caller's own deadline where it has told one, whichever comes first. A call whose caller's
   * deadline has passed is cancelled and not answered.
   *
   * @return zero or more; null where there is no limit
   */
  @Override
  @Nullable Duration timeLeft();

  /**
   * Whether nobody waits for the answer any more: the connection has ended, the deadline has
   * passed, or the caller cancelled, which published callers can do only while their request is on
   * its way. A stage that an asynchronous handler has returned is cancelled then, and the streams
   * of a streaming call fail; a handler that blocks is not interrupted unless it has asked for it
   * by {@link #interruptOnCancel()}.
   *
   * @return true from then on
   */
  @Override
  boolean isCancelled();
}
