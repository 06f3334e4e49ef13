package io.muxio.benchmarks.codec;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Records by way of Protobuf's messages. */
final class ProtobufRecordsFormat extends Format {
  private final Shape shape;
  private final Parser<? extends MessageLite> parser;

  ProtobufRecordsFormat(Shape shape) {
    this.shape = shape;
    parser = ProtobufMessages.parserOf(shape);
  }

  @Override
  byte[] encode() {
    return ProtobufMessages.messageOf(shape).toByteArray();
  }

  @Override
  Object decode(byte[] bytes) throws Exception {
    return ProtobufMessages.valueOf(parser.parseFrom(bytes), shape);
  }
}
