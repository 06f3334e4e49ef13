package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.rpc.typed.ServiceMethod.Answer;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one method of a service; what is wrong with it is an {@link IllegalArgumentException}. */
final class MethodReader {
  private final Method method;
  private final TypeCodecs codecs;

  MethodReader(Method method, TypeCodecs codecs) {
    this.method = method;
    this.codecs = codecs;
  }

  ServiceMethod read(String name) {
    if (method.getTypeParameters().length > 0) {
      throw new IllegalArgumentException("is generic (expected: types that are known)");
    }
    List<AnnotatedType> parameters = List.of(method.getAnnotatedParameterTypes());
    Codec<Object> items = null;
    if (!parameters.isEmpty()) {
      int last = parameters.size() - 1;
      items = itemsOf(parameters.get(last));
      parameters = items == null ? parameters : parameters.subList(0, last);
    }
    Answer answer = answer();
    var errors = DeclaredErrors.of(method, codecs);
    RpcMethod<Object[], Object> rpc =
        RpcMethod.unary(name, parametersCodec(parameters), answerCodec(answer)).throwing(errors);
    boolean streaming = items != null || answer == Answer.PUBLISHER;
    StreamMethod stream = streaming ? StreamMethod.of(name).throwing(errors) : null;
    return new ServiceMethod(method, answer, rpc, stream, items);
  }

  private @Nullable Codec<Object> itemsOf(AnnotatedType parameter) {
    return method.getParameterTypes()[method.getParameterCount() - 1] == Flow.Publisher.class
        ? naming("the last parameter's items", () -> codecs.value(argumentOf(parameter)))
        : null;
  }

  private Codec<Object[]> parametersCodec(List<AnnotatedType> types) {
    for (int index = 0; index < types.size(); index++) {
      if (method.getParameterTypes()[index] == Flow.Publisher.class) {
        throw new IllegalArgumentException(
            "parameter " + (index + 1) + ": is a publisher (expected: the last parameter only)");
      }
    }
    String what = types.size() == 1 ? "parameter 1" : "the parameters";
    return naming(what, () -> codecs.parameters(types));
  }

  private Answer answer() {
    Class<?> type = method.getReturnType();
    if (type == CompletionStage.class || type == CompletableFuture.class) {
      return Answer.STAGE;
    }
    return type == Flow.Publisher.class ? Answer.PUBLISHER : Answer.VALUE;
  }

  private Codec<Object> answerCodec(Answer answer) {
    return naming(
        "the answer",
        () -> {
          AnnotatedType type = method.getAnnotatedReturnType();
          if (answer != Answer.VALUE) {
            type = argumentOf(type);
          }
          boolean nothing =
              type.getType() == void.class
                  || (answer != Answer.PUBLISHER && type.getType() == Void.class);
          return nothing ? TypeCodecs.untyped(Nothing.CODEC) : codecs.value(type);
        });
  }

  private static AnnotatedType argumentOf(AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType parameterized) {
      return parameterized.getAnnotatedActualTypeArguments()[0];
    }
    throw new IllegalArgumentException(
        type.getType().getTypeName() + " without the type of its values");
  }

  /** A factory says what is wrong with a type, and this whose type it is. */
  static <T> T naming(String what, Supplier<T> codec) {
    try {
      return codec.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }
}
