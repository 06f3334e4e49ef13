package io.muxio.benchmarks.codec;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Protobuf's messages, without a look at their fields. */
final class ProtobufFormat extends Format {
  private final MessageLite message;
  private final Parser<? extends MessageLite> parser;

  ProtobufFormat(Shape shape) {
    message = ProtobufMessages.messageOf(valueOf(shape), shape);
    parser = ProtobufMessages.parserOf(shape);
  }

  @Override
  byte[] encode() {
    return message.toByteArray();
  }

  @Override
  Object decode(byte[] bytes) throws Exception {
    return parser.parseFrom(bytes);
  }

  @Override
  boolean isValue(Object decoded, Shape shape) {
    return super.isValue(ProtobufMessages.valueOf((MessageLite) decoded, shape), shape);
  }
}
