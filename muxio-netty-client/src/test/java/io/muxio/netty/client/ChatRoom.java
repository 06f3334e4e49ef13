package io.muxio.netty.client;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A service that both ends serve. */
public interface ChatRoom {
  /** What was said where. */
  record Line(String room, String text, int number) {}

  /** Somebody is not there. */
  final class Absent extends ApplicationException {
    private final transient Line line;

    public Absent(String message, Line line) {
      super(message);
      this.line = line;
    }

    @Override
    public Line data() {
      return line;
    }
  }

  @RpcName("chat.say")
  Line say(String room, String text, int number) throws Absent;

  @RpcName("chat.hear")
  CompletionStage<Integer> hear(Line line) throws Absent;

  @RpcName("chat.follow")
  Flow.Publisher<Line> follow(String room);

  @RpcName("chat.import")
  long count(Flow.Publisher<Line> lines);
}
