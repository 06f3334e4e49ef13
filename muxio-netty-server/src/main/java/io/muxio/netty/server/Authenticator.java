package io.muxio.netty.server;

import java.util.concurrent.CompletionStage;

/**
 * Decides who may connect, and says who it is, before the WebSocket upgrade is answered. Asked once
 * for every client whose request is in order and for which there is room; safe to use from any
 * thread.
 *
 * <pre>{@code
 * RpcServer.builder()
 *     .authenticator(request -> sessions.find(request.cookie("session"))
 *         .thenApply(user -> user == null ? Admission.forbidden() : Admission.admit(user)))
 * }</pre>
 *
 * <p>A client whose authenticator throws, or fails, or gives null, is answered 500, and the log
 * says why; one whose authenticator has not answered within {@link ServerLimits#handshakeTimeout()}
 * is answered 503. The client is told the status and nothing else.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Begins to find out who a client is. Called on the handler executor, so it may block; not at all
   * where the client has left by then.
   *
   * @param request what the client has sent
   * @return completes with what becomes of the client, on any thread. It is cancelled where the
   *     client leaves, or the time is over, first: a future that several clients share is to be
   *     given out as a {@link java.util.concurrent.CompletableFuture#copy()}
   * @throws Exception answered 500
   */
  CompletionStage<Admission> authenticate(HandshakeRequest request) throws Exception;
}
