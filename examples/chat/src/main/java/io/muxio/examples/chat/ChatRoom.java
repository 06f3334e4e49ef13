package io.muxio.examples.chat;

import io.muxio.rpc.service.RpcName;
import java.util.List;

/** What the server does for its clients. Who calls is known from the handshake. */
public interface ChatRoom {
  /**
   * Comes in, or comes back: from now on the server calls the client's {@link ChatEvents}.
   *
   * @param seen the number of the last message that the client has seen; 0 for none
   * @return what was said since, in order, as far as the server still has it
   */
  @RpcName("chat.join")
  List<ChatMessage> join(long seen);

  /**
   * Says something to all who are in the room.
   *
   * @param text what to say
   * @return the number of the message
   */
  @RpcName("chat.say")
  long say(String text);
}
