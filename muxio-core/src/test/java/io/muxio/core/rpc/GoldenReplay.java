package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Capture;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * One end of a recorded session, played by our dispatcher.
 *
 * <p>What is received is as recorded, to the byte. What our end writes is compared as one stream of
 * bytes, since it packs frames into fewer messages. In it
 *
 * <ul>
 *   <li>request ids are equal: published peers use one counter for streams and requests, so ids
 *       they skipped are used up by calls that are abandoned, whose bytes are thrown away;
 *   <li>stream ids differ for the same reason. They are compared by the order of their first frame;
 *   <li>timestamps are equal: the clock gives the recorded ones in turn;
 *   <li>old servers' ids lack the high bit: they are played with a client's ids.
 * </ul>
 */
final class GoldenReplay implements AutoCloseable {
  private final Capture capture;
  private final boolean asClient;
  private final int headerSize;
  private final Map<Integer, RecordedStream> inbound;
  private final Map<Integer, RecordedStream> outbound;
  private final Queue<Long> clock = new ArrayDeque<>();
  private final Link link;
  private final Map<Integer, RecordingListener> answers = new HashMap<>();
  private final Map<Integer, RpcStreamWriter> writers = new HashMap<>();
  private final List<byte[]> written = new ArrayList<>();
  private int nextRequest;

  GoldenReplay(Capture capture, boolean asClient) {
    this.capture = capture;
    this.asClient = asClient;
    this.headerSize = capture.format().headerSize();
    this.inbound = RecordedStream.of(headerSize, capture.messages(!asClient));
    this.outbound = RecordedStream.of(headerSize, capture.messages(asClient));
    IdSpace ids = asClient || capture.serverIdsLikeClient() ? IdSpace.CLIENT : IdSpace.SERVER;
    this.nextRequest = ids == IdSpace.CLIENT ? 0 : 0x8000_0000;
    this.link = Link.of(ids, capture.format(), this::withClock);
  }

  private SessionConfig withClock(SessionConfig config) {
    return new SessionConfig(
        config.idSpace(),
        config.format(),
        config.firstId(),
        config.chunkSize(),
        config.maxOutgoingMessage(),
        CoreLimits.DEFAULT,
        config.allocator(),
        () -> clock.isEmpty() ? 0 : clock.remove(),
        () -> 0);
  }

  void run() {
    for (Capture.Message message : capture.messages()) {
      if (message.fromClient() == asClient) {
        write(Wire.frames(headerSize, message.bytes()).get(0));
        written.addAll(link.flush());
      } else {
        link.receive(message.bytes());
      }
    }
  }

  /** Writes what the recorded frame is part of: a whole unary stream at its Open, else a frame. */
  private void write(WireFrame frame) {
    RecordedStream stream = outbound.get(frame.stream());
    if (frame.sequence() == 0) {
      if (stream.isCall()) {
        skipRequestsBefore(stream.requestId());
      }
      if (stream.isUnary()) {
        stream.frames().forEach(each -> clock.add(each.timestamp()));
        writeUnary(stream);
      } else {
        openStreaming(stream, frame);
      }
    } else if (!stream.isUnary()) {
      clock.add(frame.timestamp());
      RpcStreamWriter writer = writers.get(frame.stream());
      switch (frame.kind()) {
        case Wire.DATA -> writer.write(link.buffer(frame.payload()));
        case Wire.END -> writer.end();
        case Wire.CANCEL -> writer.cancel();
        default -> throw new AssertionError(frame.summary());
      }
    }
  }

  private void writeUnary(RecordedStream stream) {
    if (stream.isCall()) {
      byte[] parameters = stream.body().length > 0 ? stream.body() : stream.metadata();
      answers.put(stream.requestId(), link.call(stream.methodId(), parameters));
      nextRequest++;
    } else {
      RecordingRouter.Received request = link.router().call(stream.requestId());
      assertThat(request.listener().events()).as("the request was whole").containsExactly("end");
      assertThat(request.call().methodId()).isEqualTo(stream.methodId());
      ResponseStatus status = ResponseStatus.of(Unpooled.wrappedBuffer(stream.metadata()));
      assertThat(request.call().respond(status, link.buffer(stream.body()))).isTrue();
    }
  }

  /** The dispatcher has no streaming call, so a unary one, unsent, waits for the answer. */
  private void openStreaming(RecordedStream stream, WireFrame frame) {
    if (stream.isCall()) {
      answers.put(stream.requestId(), link.call(stream.methodId(), Wire.NOTHING));
      nextRequest++;
      link.flush();
    }
    clock.add(frame.timestamp());
    RpcMessageType type = stream.isCall() ? RpcMessageType.CALL : RpcMessageType.RESPONSE;
    RpcHeader header =
        new RpcHeader(type, stream.requestId(), stream.methodId(), link.buffer(stream.metadata()));
    byte[] first = stream.bodyIn(0);
    writers.put(
        frame.stream(), link.dispatcher().session().open(header, link.buffer(first), () -> {}));
  }

  private void skipRequestsBefore(int requestId) {
    while (nextRequest != requestId) {
      link.dispatcher().call(0, Unpooled.EMPTY_BUFFER, new RecordingListener()).abandon();
      nextRequest++;
      link.flush();
    }
  }

  /** Everything that the recorded peer sent was heard. */
  void assertHeard() {
    int calls = 0;
    for (RecordedStream stream : inbound.values()) {
      RecordingListener listener;
      if (stream.isCall()) {
        RecordingRouter.Received received = link.router().calls().get(calls++);
        assertThat(received.call().requestId()).isEqualTo(stream.requestId());
        assertThat(received.call().methodId()).isEqualTo(stream.methodId());
        assertThat(received.metadataBytes()).isEqualTo(stream.metadata());
        listener = received.listener();
        assertThat(listener.events()).isEqualTo(stream.terminal());
      } else {
        listener = answers.get(stream.requestId());
        RpcHeader header = listener.header();
        assertThat(header.type()).isEqualTo(RpcMessageType.RESPONSE);
        assertThat(header.requestId()).isEqualTo(stream.requestId());
        assertThat(header.methodId()).isEqualTo(stream.methodId());
        assertThat(listener.metadata()).isEqualTo(stream.metadata());
        assertThat(listener.events().get(0)).isEqualTo("header");
        assertThat(listener.events().stream().skip(1)).isEqualTo(stream.terminal());
      }
      assertThat(listener.payload()).isEqualTo(stream.body());
    }
    assertThat(link.router().calls()).hasSize(calls);
    assertThat(link.router().failures()).isEmpty();
    assertThat(link.bufferedBytes()).isZero();
  }

  /** What our end wrote is what was recorded. */
  void assertWritten() {
    byte[] ours = sameIds(Wire.concat(written));
    byte[] recorded = sameIds(Wire.concat(capture.messages(asClient)));

    assertThat(clock).as("a timestamp for each frame").hasSize(headerSize == 21 ? 0 : frames());
    assertThat(ours).isEqualTo(recorded);
    assertThat(written.size()).isLessThanOrEqualTo(capture.messages(asClient).size());
  }

  private int frames() {
    return capture.messages(asClient).size();
  }

  /** The bytes with each stream id replaced by the order of the stream's first frame. */
  private byte[] sameIds(byte[] bytes) {
    Map<Integer, Integer> order = new LinkedHashMap<>();
    return Wire.concat(
        Wire.frames(headerSize, bytes).stream()
            .map(
                frame -> {
                  Integer place = order.computeIfAbsent(frame.stream(), id -> order.size());
                  return frame.withStream(place).bytes(headerSize);
                })
            .toList());
  }

  @Override
  public void close() {
    link.close();
  }
}
