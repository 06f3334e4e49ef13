package io.muxio.benchmarks.codec;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Records by way of Protobuf's messages. */
final class ProtobufRecordsFormat extends Format {
  private final Shape shape;

  /** Not a constant, of which the compiler would know the bytes. */
  private final Object value;

  private final Parser<? extends MessageLite> parser;

  ProtobufRecordsFormat(Shape shape) {
    this.shape = shape;
    value = valueOf(shape);
    parser = ProtobufMessages.parserOf(shape);
  }

  @Override
  byte[] encode() {
    return ProtobufMessages.messageOf(value, shape).toByteArray();
  }

  @Override
  Object decode(byte[] bytes) throws Exception {
    return ProtobufMessages.valueOf(parser.parseFrom(bytes), shape);
  }
}
