package io.muxio.bitcode;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts types for their variables and reads our annotations. */
final class TypeResolver {
  private final DerivationPath path;

  TypeResolver(DerivationPath path) {
    this.path = path;
  }

  /**
   * Resolves a type.
   *
   * @param scope the variables that are known where the type is written
   * @throws IllegalArgumentException if it has a wildcard, an unknown variable, or annotations that
   *     contradict each other
   */
  JavaType resolve(TypePlace place, Map<TypeVariable<?>, JavaType> scope) {
    Marks marks = new Marks(path);
    marks.add(place);
    TypePlace element = place.element();
    if (element != null) {
      if (!(element.type() instanceof Class<?> primitive) || !primitive.isPrimitive()) {
        throw path.refusal(
            "%s is an array of objects, expected a List".formatted(place.type().getTypeName()));
      }
      // In front of an array is where annotations of its elements are written.
      marks.add(element);
      return marks.of(primitive.arrayType(), List.of());
    }
    Type type = place.type();
    if (type instanceof TypeVariable<?> variable) {
      return variable(variable, marks, scope);
    }
    if (type instanceof Class<?> raw) {
      return marks.of(raw, List.of());
    }
    if (type instanceof ParameterizedType parameterized) {
      List<JavaType> arguments = new ArrayList<>();
      for (int i = 0; i < parameterized.getActualTypeArguments().length; i++) {
        arguments.add(resolve(place.argument(i), scope));
      }
      return marks.of((Class<?>) parameterized.getRawType(), List.copyOf(arguments));
    }
    throw path.refusal("%s is a wildcard, expected a type".formatted(type.getTypeName()));
  }

  /**
   * The variables of a generic class.
   *
   * @throws IllegalArgumentException if the type is used without arguments
   */
  Map<TypeVariable<?>, JavaType> scope(JavaType type) {
    TypeVariable<?>[] variables = type.raw().getTypeParameters();
    if (variables.length != type.arguments().size()) {
      throw path.refusal(
          "%s is used without type arguments, expected %d"
              .formatted(type.raw().getName(), variables.length));
    }
    Map<TypeVariable<?>, JavaType> scope = new HashMap<>();
    for (int i = 0; i < variables.length; i++) {
      scope.put(variables[i], type.arguments().get(i));
    }
    return scope;
  }

  private JavaType variable(
      TypeVariable<?> variable, Marks marks, Map<TypeVariable<?>, JavaType> scope) {
    JavaType resolved = scope.get(variable);
    if (resolved == null) {
      throw path.refusal(
          "nothing says what the type variable %s is, expected a type".formatted(variable));
    }
    JavaType marked = marks.of(resolved.raw(), resolved.arguments());
    if (marked.annotated()) {
      throw path.refusal(
          "%s on the type variable %s, expected it on the type that is put for %s"
              .formatted(marked.annotations(), variable, variable));
    }
    return resolved;
  }

  /** Our annotations of one type. */
  private static final class Marks {
    private final DerivationPath path;
    private WireForm form = WireForm.PLAIN;
    private int fixedLength = JavaType.ANY_LENGTH;

    Marks(DerivationPath path) {
      this.path = path;
    }

    void add(TypePlace place) {
      for (Annotation annotation : place.annotations()) {
        WireForm chosen = WireForm.chosenBy(annotation);
        if (chosen != null && form != WireForm.PLAIN) {
          throw path.refusal("%s and %s on one type, expected one".formatted(form, chosen));
        }
        form = chosen == null ? form : chosen;
        if (annotation instanceof FixedLength fixed) {
          setFixedLength(fixed.value());
        }
      }
    }

    private void setFixedLength(int length) {
      if (length < 0) {
        throw path.refusal("@FixedLength(%d), expected 0 or more".formatted(length));
      }
      fixedLength = length;
    }

    JavaType of(Class<?> raw, List<JavaType> arguments) {
      return new JavaType(raw, arguments, form, fixedLength);
    }
  }
}
