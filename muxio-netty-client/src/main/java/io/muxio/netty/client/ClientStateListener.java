package io.muxio.netty.client;

import org.jspecify.annotations.Nullable;

/**
 * Is told where a client is in its life, never on an event loop. All states come, one after the
 * other and in their order; by then the client may be further along. A listener that blocks delays
 * what it is told and nothing else; what it throws is logged.
 */
@FunctionalInterface
public interface ClientStateListener {
  /**
   * The client has got into a state.
   *
   * @param state the new state; {@link ClientState#CONNECTING} is the first
   * @param cause why the connection was lost or takes no more calls, the attempt has failed or the
   *     client has given up; null for all other states
   */
  void onState(ClientState state, @Nullable Throwable cause);
}
