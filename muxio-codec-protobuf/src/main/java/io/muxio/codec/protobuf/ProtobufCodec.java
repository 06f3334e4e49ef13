package io.muxio.codec.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** One message. */
record ProtobufCodec(Parser<? extends MessageLite> parser) implements Codec<MessageLite> {
  @Override
  public ByteBuf encode(MessageLite message, ByteBufAllocator allocator) {
    return Unpooled.wrappedBuffer(message.toByteArray());
  }

  @Override
  public MessageLite decode(ByteBuf bytes) {
    try {
      return parser.parseFrom(CodedInputStream.newInstance(bytes.nioBuffer()));
    } catch (InvalidProtocolBufferException e) {
      throw new CodecException("Protobuf: " + e.getMessage(), e);
    }
  }
}
