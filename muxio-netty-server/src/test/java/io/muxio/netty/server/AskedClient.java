package io.muxio.netty.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.muxio.rpc.service.MethodId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client that makes many calls at once, unary and streaming, whose handlers ask it back, and that
 * makes another call before it answers what it is asked.
 */
final class AskedClient {
  private static final int CHUNKS = 100;
  private static final int LONGEST = 50;
  private static final int RESPONSE = 1;
  private static final int OPEN = 0;
  private static final int DATA = 1;
  private static final int END = 2;

  /** An answer to a question that waits for the answer to a call of the client's own. */
  private record Question(int requestId, String text) {}

  private final RpcServer server;
  private final Set<Integer> waiting = new HashSet<>();
  private final Map<Integer, Question> questions = new HashMap<>();
  private final Map<Integer, Integer> requestOfStream = new HashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final int calls;
  private final int streams;
  private int successes;
  private int nextId;

  AskedClient(RpcServer server, int calls, int streams) {
    this.server = server;
    this.calls = calls;
    this.streams = streams;
  }

  /** What the calls failed with, and the connection. */
  List<String> failures() {
    return failures;
  }

  /** How many calls were answered. */
  int successes() {
    return successes;
  }

  /** Returns when every call has ended, or the connection has. */
  Void run() throws IOException {
    try (RawPeer peer = RawPeer.upgrade(server)) {
      for (; nextId < streams; nextId++) {
        waiting.add(nextId);
      }
      stream(peer);
      for (int i = 0; i < calls; i++) {
        waiting.add(nextId);
        call(peer, "ask", "x".repeat(1 + i % LONGEST));
      }
      while (!waiting.isEmpty()) {
        Received received = peer.nextFrame();
        if (received.opcode() == RawPeer.CLOSE) {
          failures.add(received.closeReason());
          return null;
        }
        takeFrames(peer, ByteBuffer.wrap(received.payload()).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return null;
  }

  private void call(RawPeer peer, String method, String text) throws IOException {
    peer.sendBinary(Frames.call(nextId, nextId, method, text));
    nextId++;
  }

  /** All of them at the same time. */
  private void stream(RawPeer peer) throws IOException {
    byte[] chunk = "xx".getBytes(UTF_8);
    for (int id = 0; id < streams; id++) {
      byte[] header = Frames.header(0, id, MethodId.of("ask_for_each"), new byte[0]);
      peer.sendBinary(Frames.frame(id, 0, OPEN, header));
    }
    for (int sequence = 1; sequence <= CHUNKS; sequence++) {
      for (int id = 0; id < streams; id++) {
        peer.sendBinary(Frames.frame(id, sequence, DATA, chunk));
      }
    }
    for (int id = 0; id < streams; id++) {
      peer.sendBinary(Frames.frame(id, CHUNKS + 1, END, new byte[0]));
    }
  }

  private void takeFrames(RawPeer peer, ByteBuffer frames) throws IOException {
    while (frames.hasRemaining()) {
      byte[] payload = new byte[frames.getInt()];
      int streamId = frames.getInt();
      frames.getInt(); // the sequence
      int kind = frames.get();
      frames.get(payload);
      if (kind == OPEN) {
        takeHeader(peer, streamId, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
      } else if (kind == END) {
        Integer requestId = requestOfStream.remove(streamId);
        if (requestId != null && waiting.remove(requestId)) {
          successes++;
        }
      }
    }
  }

  private void takeHeader(RawPeer peer, int streamId, ByteBuffer header) throws IOException {
    int type = header.get();
    int requestId = header.getInt();
    header.getLong(); // the method
    byte[] metadata = new byte[header.getShort() & 0xffff];
    header.get(metadata);
    String body = UTF_8.decode(header).toString();
    if (type != RESPONSE) {
      questions.put(nextId, new Question(requestId, new String(metadata, UTF_8)));
      call(peer, "echo", new String(metadata, UTF_8));
    } else if (questions.containsKey(requestId)) {
      answer(peer, questions.remove(requestId)); // whatever became of its own call
    } else if (metadata[0] == 0) {
      requestOfStream.put(streamId, requestId);
    } else if (waiting.remove(requestId)) {
      failures.add(body);
    }
  }

  private void answer(RawPeer peer, Question question) throws IOException {
    byte[] header =
        Frames.header(RESPONSE, question.requestId, MethodId.of("of_the_client"), new byte[] {0});
    int streamId = nextId++;
    peer.sendBinary(
        Frames.frame(streamId, 0, OPEN, Frames.join(header, question.text.getBytes(UTF_8))),
        Frames.frame(streamId, 1, END, new byte[0]));
  }
}
