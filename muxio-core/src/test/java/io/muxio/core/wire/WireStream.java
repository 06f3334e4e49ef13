package io.muxio.core.wire;

/** Writes the frames of one stream in turn: each method gives one frame's bytes. */
public final class WireStream {
  private final int headerSize;
  private final int id;
  private int sequence;

  public WireStream(int headerSize, int id) {
    this.headerSize = headerSize;
    this.id = id;
  }

  public byte[] open(byte[] payload) {
    return next(Wire.OPEN, payload);
  }

  public byte[] data(byte[] payload) {
    return next(Wire.DATA, payload);
  }

  public byte[] end() {
    return next(Wire.END, Wire.NOTHING);
  }

  public byte[] cancel() {
    return next(Wire.CANCEL, Wire.NOTHING);
  }

  public byte[] next(int kind, byte[] payload) {
    return Wire.frame(headerSize, id, sequence++, kind, payload);
  }

  /** A whole stream as published senders cut it: Open and End. */
  public static byte[] whole(int headerSize, int id, byte[] payload) {
    WireStream stream = new WireStream(headerSize, id);
    return Wire.concat(stream.open(payload), stream.end());
  }
}
