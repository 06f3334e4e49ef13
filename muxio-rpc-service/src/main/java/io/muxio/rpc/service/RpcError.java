package io.muxio.rpc.service;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Enums;
import io.muxio.bitcode.Structs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * The structured body of an answer that is no success: bitcode of {@code {code: enum{Fail, System,
 * NotFound}, message: String}}, the same in all published versions.
 *
 * @param code what kind of failure
 * @param message the text for the caller
 */
public record RpcError(Code code, String message) {
  /** The kinds of failure, in the order of the reference's enum. */
  public enum Code {
    /** {@link RpcStatus#FAIL}. */
    FAIL,
    /** {@link RpcStatus#SYSTEM_ERROR}. */
    SYSTEM,
    /** {@link RpcStatus#NOT_FOUND}. */
    NOT_FOUND
  }

  private static final int CODE_COUNT = Code.values().length;
  private static final Codec<RpcError> CODEC = Codec.bitcode(layout());

  private static BitcodeCodec<RpcError> layout() {
    return Structs.struct(
        RpcError::new,
        Structs.field("code", RpcError::code, Enums.enumOf(Code.class)),
        Structs.field("message", RpcError::message, Bitcode.string()));
  }

  /**
   * The body that a status and a text make.
   *
   * @param status not {@link RpcStatus#SUCCESS}
   * @param message the text for the caller
   * @return the error
   */
  public static RpcError of(RpcStatus status, String message) {
    Code code =
        switch (status.onWire()) {
          case FAIL -> Code.FAIL;
          case METHOD_NOT_FOUND -> Code.NOT_FOUND;
          case SUCCESS, SYSTEM_ERROR -> Code.SYSTEM;
        };
    return new RpcError(code, wellFormed(message));
  }

  /**
   * Encodes the error.
   *
   * @param allocator where the bytes may be put
   * @return the body; the caller owns it
   */
  public ByteBuf encode(ByteBufAllocator allocator) {
    return CODEC.encode(this, allocator);
  }

  /**
   * The body of an error of the application: a structured error of {@link Code#FAIL}, behind which
   * come the name and the data of one that the method declares. That is the error of its class, or
   * else the first whose class it extends.
   *
   * @param failure what the handler threw
   * @param method the method that was called
   * @param allocator where the bytes may be put
   * @return the body; the caller owns it
   * @throws CodecException where the data cannot be represented
   */
  public static ByteBuf encode(
      ApplicationException failure, MethodDescriptor method, ByteBufAllocator allocator) {
    String message = failure.getMessage();
    RpcError error = of(RpcStatus.FAIL, message == null ? "" : message);
    ErrorType<?, ?> type = null;
    for (ErrorType<?, ?> declared : method.errors()) {
      if (declared.type() == failure.getClass()) {
        type = declared;
        break;
      }
      if (type == null && declared.type().isInstance(failure)) {
        type = declared;
      }
    }
    return type == null
        ? error.encode(allocator)
        : ApplicationErrorBody.encode(error, type, failure, allocator);
  }

  /**
   * What the caller gets of an answer that is no success. Whatever the bytes are, it is an {@link
   * RpcException}.
   *
   * @param status of the answer, not {@link RpcStatus#SUCCESS}
   * @param method the method that was called
   * @param body the answer's body; lent
   * @return the failure, whose cause is the {@link ApplicationException} where the answer is one
   *     that the method declares, or a {@link CodecException} where its data cannot be decoded
   */
  public static RpcException toException(RpcStatus status, MethodDescriptor method, ByteBuf body) {
    ApplicationErrorBody application =
        status == RpcStatus.FAIL ? ApplicationErrorBody.decode(body) : null;
    return application == null
        ? new RpcException(status, method.name(), detailOf(status, body), null)
        : new RpcException(
            status, method.name(), application.message(), application.toCause(method.errors()));
  }

  /**
   * What a caller is told of an answer that is no success.
   *
   * @param status of the answer
   * @param body lent
   * @return the message; where an unknown method has none, as most peers answer, what that means
   */
  public static String detailOf(RpcStatus status, ByteBuf body) {
    return status == RpcStatus.NOT_FOUND && !body.isReadable()
        ? "the peer has no such method"
        : messageOf(body);
  }

  /**
   * The text of an answer's body, whatever form its sender gave it: a structured error, plain text,
   * or nothing.
   *
   * @param body lent
   * @return the message; empty where there is none
   */
  public static String messageOf(ByteBuf body) {
    // The decoder alone is too lenient: it takes most bytes for a code, and plain text begins with
    // one.
    if (body.isReadable() && body.getUnsignedByte(body.readerIndex()) < CODE_COUNT) {
      try {
        return CODEC.decode(body.duplicate()).message();
      } catch (CodecException e) {
        // an error of the application, or plain text that begins with a control character
      }
      ApplicationErrorBody application = ApplicationErrorBody.decode(body);
      if (application != null) {
        return application.message();
      }
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  /** Replaces unpaired surrogates, which no UTF-8 can carry, so that an error is always told. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
