package io.muxio.codec.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;

/** One value. */
record JsonCodec(JsonForm form) implements Codec<Object> {
  @Override
  public ByteBuf encode(Object value, ByteBufAllocator allocator) {
    try {
      return Unpooled.wrappedBuffer(form.writer().writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw JsonForm.refused(e);
    }
  }

  @Override
  public Object decode(ByteBuf bytes) {
    Object value;
    try (InputStream in = new ByteBufInputStream(bytes)) {
      value = form.reader().readValue(in);
    } catch (IOException e) {
      throw JsonForm.refused(e);
    }
    if (value == null) {
      throw new CodecException("JSON: null (expected: a value)");
    }
    return value;
  }
}
