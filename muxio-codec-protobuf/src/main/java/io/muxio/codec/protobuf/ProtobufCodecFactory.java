package io.muxio.codec.protobuf;

import com.google.protobuf.MessageLite;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecFactory;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;

/**
 * Values as Protobuf messages, of classes that {@code protoc} generates. A method takes at most one
 * parameter, which is a message like its answer.
 *
 * <pre>{@code
 * @RpcCodec(ProtobufCodecFactory.class)
 * public interface Greeter {
 *   @RpcName("greet")
 *   GreetReply greet(GreetRequest request);
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class ProtobufCodecFactory implements CodecFactory {
  /** The factory has no settings. */
  public ProtobufCodecFactory() {}

  @Override
  public Codec<MessageLite> codec(AnnotatedType type) {
    return new ProtobufCodec(defaultInstance(type.getType()).getParserForType());
  }

  private static MessageLite defaultInstance(Type type) {
    if (!(type instanceof Class<?> message) || !MessageLite.class.isAssignableFrom(message)) {
      throw new IllegalArgumentException(
          type.getTypeName() + " is no message (expected: a class that protoc has generated)");
    }
    try {
      return (MessageLite) message.getMethod("getDefaultInstance").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException(
          type.getTypeName()
              + " has no getDefaultInstance() (expected: a class that protoc has generated)",
          e);
    }
  }
}
