package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * One method of a service.
 *
 * @param java as the interface has it
 * @param answer how it answers
 * @param rpc its name, errors and codecs: of the parameters before the stream, and of the answer,
 *     or of its items where it is a publisher
 * @param stream the same method where a stream goes in one of the directions, else null
 * @param items the codec of the items of the last parameter, where that is a publisher, else null
 */
public record ServiceMethod(
    Method java,
    Answer answer,
    RpcMethod<Object[], Object> rpc,
    @Nullable StreamMethod stream,
    @Nullable Codec<Object> items) {
  /** How a method answers. */
  public enum Answer {
    /** With a value or {@code void}, when it returns. */
    VALUE,
    /** With a {@code CompletionStage}. */
    STAGE,
    /** With a publisher. */
    PUBLISHER
  }

  /**
   * Whether the answer is no value.
   *
   * @return true for {@code void}, {@code Void} and a stage of {@code Void}
   */
  public boolean answersNothing() {
    Codec<?> codec = rpc.responseCodec();
    return codec == Nothing.CODEC;
  }

  @Override
  public String toString() {
    return rpc.toString();
  }
}
