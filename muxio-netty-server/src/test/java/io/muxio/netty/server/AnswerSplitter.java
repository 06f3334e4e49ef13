package io.muxio.netty.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The Open frames of a message of 13-byte frames: one for each answer that fits into a frame. */
final class AnswerSplitter {
  private AnswerSplitter() {}

  static List<byte[]> split(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> answers = new ArrayList<>();
    for (int start = 0; start < message.length; ) {
      int end = start + 13 + in.getInt(start);
      if (message[start + 12] == 0) {
        answers.add(Arrays.copyOfRange(message, start, end));
      }
      start = end;
    }
    return answers;
  }

  /** How many streams end in a message. */
  static int ends(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int ends = 0;
    for (int start = 0; start < message.length; start += 13 + in.getInt(start)) {
      if (message[start + 12] == 2) {
        ends++;
      }
    }
    return ends;
  }
}
