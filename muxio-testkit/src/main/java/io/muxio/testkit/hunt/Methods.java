package io.muxio.testkit.hunt;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import java.nio.ByteBuffer;
import java.util.Locale;

/** What both ends serve: a method for each way of serving, which gets the number of its step. */
final class Methods {
  static final RpcMethod<byte[], byte[]> PAUSE =
      RpcMethod.unary("hunt.pause", Codec.bytes(), Codec.bytes());
  static final StreamMethod BACK = StreamMethod.of("hunt.back");

  private Methods() {}

  static RpcMethod<byte[], byte[]> unary(Step.Mode mode) {
    return RpcMethod.unary("hunt.unary." + name(mode), Codec.bytes(), Codec.bytes());
  }

  static StreamMethod stream(Step.Mode mode) {
    return StreamMethod.of("hunt.stream." + name(mode));
  }

  private static String name(Step.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** The start of a request. */
  static byte[] request(Step step, int size) {
    return ByteBuffer.allocate(Integer.BYTES + size).putInt(step.id()).array();
  }

  static int stepOf(byte[] request) {
    return ByteBuffer.wrap(request).getInt();
  }
}
