package io.muxio.examples.chat;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;

/** What each client does for the server, which calls it over the client's own connection. */
public interface ChatEvents {
  /**
   * Somebody has said something.
   *
   * @param message what
   * @return completes when the client has taken it
   */
  @RpcName("chat.message")
  CompletionStage<Void> message(ChatMessage message);

  /**
   * Somebody has come or gone.
   *
   * @param name who
   * @param isHere whether they came
   * @return completes when the client has taken it
   */
  @RpcName("chat.presence")
  CompletionStage<Void> presence(String name, boolean isHere);
}
