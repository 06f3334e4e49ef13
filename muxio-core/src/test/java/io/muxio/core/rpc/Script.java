package io.muxio.core.rpc;

import io.muxio.core.wire.Link;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A random session as a peer may send it, with what has to be heard of it: many calls at once whose
 * frames are mixed, pings between them.
 */
final class Script {
  /** One stream still to be mixed in. */
  private record Stream(int id, int request, List<WireFrame> frames) {}

  private final SplittableRandom random;
  private final int headerSize;
  private final List<WireFrame> frames = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final List<byte[]> pings = new ArrayList<>();
  private final Map<Integer, byte[]> metadata = new HashMap<>();
  private final Map<Integer, byte[]> bodies = new HashMap<>();

  Script(SplittableRandom random, int headerSize) {
    this.random = random;
    this.headerSize = headerSize;
    int count = random.nextInt(1, 9);
    List<Stream> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      streams.add(stream(random.nextInt(1 << 20) * 16 + i, 1000 + i));
    }
    mix(streams);
  }

  private Stream stream(int id, int request) {
    byte[] header = bytes(headerLength());
    byte[] body = bytes(size(random.nextInt(12) == 0 ? 200_000 : 3000));
    byte[] content = Wire.call(request, random.nextLong(), header, body);
    int chunkSize = Math.max(size(100_000), content.length / 60 + 1);
    List<WireFrame> cut = new ArrayList<>();
    int at = 0;
    do {
      int next = Math.min(content.length, at + chunkSize);
      byte[] chunk = Arrays.copyOfRange(content, at, next);
      cut.add(new WireFrame(id, cut.size(), cut.isEmpty() ? Wire.OPEN : Wire.DATA, chunk, 0));
      at = next;
    } while (at < content.length);
    int seen = end(id, cut, content.length);

    int headerEnd = Wire.RPC_HEADER + header.length;
    if (seen >= headerEnd) {
      metadata.put(request, header);
      bodies.put(request, Arrays.copyOfRange(content, headerEnd, seen));
    }
    return new Stream(id, request, cut);
  }

  private int headerLength() {
    return switch (random.nextInt(10)) {
      case 0 -> 65_535;
      case 1, 2 -> random.nextInt(65_536);
      default -> size(100);
    };
  }

  /** 1 to the limit, small ones as likely as large ones. */
  private int size(int limit) {
    return (int) Math.pow(limit, random.nextDouble());
  }

  /** Ends the stream in one of the ways there are; returns how many of its bytes count. */
  private int end(int id, List<WireFrame> cut, int length) {
    int last = cut.size() - 1;
    switch (random.nextInt(8)) {
      case 0 -> { // cancelled somewhere, with a payload that does not count
        int keep = random.nextInt(cut.size()) + 1;
        cut.subList(keep, cut.size()).clear();
        cut.add(new WireFrame(id, keep, Wire.CANCEL, bytes(random.nextInt(3)), 0));
        return cut.stream().limit(keep).mapToInt(frame -> frame.payload().length).sum();
      }
      case 1 -> { // not ended when the recording stops
        return length;
      }
      case 2 -> { // ended too early
        int keep = random.nextInt(cut.size()) + 1;
        cut.subList(keep, cut.size()).clear();
        cut.add(new WireFrame(id, keep, Wire.END, Wire.NOTHING, 0));
        return cut.stream().mapToInt(frame -> frame.payload().length).sum();
      }
      case 3, 4, 5 -> // the last bytes, or all of them with the header, in the End
          cut.set(last, new WireFrame(id, last, Wire.END, cut.get(last).payload(), 0));
      default -> cut.add(new WireFrame(id, last + 1, Wire.END, Wire.NOTHING, 0));
    }
    return length;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void mix(List<Stream> streams) {
    Map<Integer, Integer> progress = new HashMap<>();
    while (!streams.isEmpty()) {
      if (random.nextInt(16) == 0) {
        ping();
      }
      Stream stream = streams.get(random.nextInt(streams.size()));
      int position = progress.merge(stream.id, 1, Integer::sum) - 1;
      WireFrame frame = stream.frames.get(position);
      frames.add(frame);
      expect(stream, position);
      if (position == stream.frames.size() - 1) {
        streams.remove(stream);
      }
    }
  }

  private void ping() {
    byte[] payload = bytes(size(300));
    pings.add(payload);
    frames.add(new WireFrame(random.nextInt(), random.nextInt(), Wire.PING, payload, 0));
    frames.add(new WireFrame(random.nextInt(), random.nextInt(), Wire.PONG, payload, 0));
  }

  private void expect(Stream stream, int position) {
    WireFrame frame = stream.frames.get(position);
    byte[] known = metadata.get(stream.request);
    if (frame.kind() == Wire.CANCEL) {
      if (known != null) {
        log.add("cancel " + stream.request);
      }
      return;
    }
    if (known != null) {
      int headerEnd = Wire.RPC_HEADER + known.length;
      int before =
          stream.frames.stream().limit(position).mapToInt(each -> each.payload().length).sum();
      if (before < headerEnd && before + frame.payload().length >= headerEnd) {
        log.add("call " + stream.request);
      }
    }
    if (frame.kind() == Wire.END) {
      log.add(
          known != null
              ? "end " + stream.request
              : "stream " + Integer.toUnsignedString(stream.id) + " HEADER_INCOMPLETE");
    }
  }

  byte[] firstFrame() {
    return frames.get(0).bytes(headerSize);
  }

  /** All bytes but those of the first frame. */
  byte[] rest() {
    return Wire.concat(frames.stream().skip(1).map(frame -> frame.bytes(headerSize)).toList());
  }

  List<String> log() {
    return log;
  }

  List<byte[]> pings() {
    return pings;
  }

  byte[] metadata(int request) {
    return metadata.get(request);
  }

  byte[] body(int request) {
    return bodies.get(request);
  }

  /** Feeds bytes cut anywhere into messages, and messages cut anywhere into pieces. */
  static void feed(Link link, byte[] bytes, SplittableRandom random) {
    int most = (int) Math.pow(bytes.length + 2, random.nextDouble(0.3, 1)) + 1;
    int at = 0;
    while (at < bytes.length) {
      int next = Math.min(bytes.length, at + random.nextInt(1, most + 1));
      link.receivePart(Arrays.copyOfRange(bytes, at, next), random.nextBoolean());
      at = next;
    }
  }
}
