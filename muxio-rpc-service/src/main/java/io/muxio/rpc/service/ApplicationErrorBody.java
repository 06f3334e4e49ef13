package io.muxio.rpc.service;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Enums;
import io.muxio.bitcode.Structs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@link ApplicationException}: bitcode of {@code {code, message, type: String,
 * data: Vec<u8>}}. It begins with the bytes of the structured error that a peer of another language
 * expects, which is all that tells the two apart.
 */
final class ApplicationErrorBody {
  private static final Codec<ApplicationErrorBody> CODEC = Codec.bitcode(layout());

  /** How {@link RpcError.Code#FAIL} is written. */
  private static final byte FAIL = 0;

  private final RpcError error;
  private final String type;
  private final byte[] data;

  private ApplicationErrorBody(RpcError error, String type, byte[] data) {
    this.error = error;
    this.type = type;
    this.data = data;
  }

  private static BitcodeCodec<ApplicationErrorBody> layout() {
    return Structs.struct(
        (code, message, type, data) ->
            new ApplicationErrorBody(new RpcError(code, message), type, data),
        Structs.field("code", body -> body.error.code(), Enums.enumOf(RpcError.Code.class)),
        Structs.field("message", body -> body.error.message(), Bitcode.string()),
        Structs.field("type", body -> body.type, Bitcode.string()),
        Structs.field("data", body -> body.data, Bitcode.bytes()));
  }

  static <D> ByteBuf encode(
      RpcError error, ErrorType<D, ?> type, ApplicationException failure, ByteBufAllocator to) {
    @SuppressWarnings("unchecked") // the codec is of what this class of exceptions returns
    D data = (D) failure.data();
    ByteBuf bytes = type.dataCodec().encode(data, to);
    try {
      byte[] array = ByteBufUtil.getBytes(bytes);
      return CODEC.encode(new ApplicationErrorBody(error, type.name(), array), to);
    } finally {
      bytes.release();
    }
  }

  /** Null where it is not such a body. */
  static @Nullable ApplicationErrorBody decode(ByteBuf body) {
    // The decoder alone is too lenient: it takes most bytes for a code, and so most plain text.
    if (!body.isReadable() || body.getByte(body.readerIndex()) != FAIL) {
      return null;
    }
    try {
      return CODEC.decode(body.duplicate());
    } catch (CodecException e) {
      return null;
    }
  }

  String message() {
    return error.message();
  }

  /** What was thrown, if the method declares it; else what there is to say of it, or null. */
  @Nullable Exception toCause(List<ErrorType<?, ?>> declared) {
    ErrorType<?, ?> known = ErrorType.find(declared, type);
    return known == null ? null : newException(known);
  }

  private <D> Exception newException(ErrorType<D, ?> known) {
    ByteBuf bytes = Unpooled.wrappedBuffer(data);
    try {
      return known.newException(message(), known.dataCodec().decode(bytes));
    } catch (RuntimeException e) {
      return new CodecException("the data of " + type + " cannot be decoded: " + e.getMessage(), e);
    } finally {
      bytes.release();
    }
  }
}
