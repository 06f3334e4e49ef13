package io.muxio.bitcode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One derivation: from a type down to its leaves, each type in it once. Used by one thread. */
final class TypeDeriver {
  private final BitcodeDerivation rules;
  private final DerivationPath path = new DerivationPath();
  private final TypeResolver resolver = new TypeResolver(path);
  private final Map<JavaType, BitcodeCodec<?>> made = new HashMap<>();

  TypeDeriver(BitcodeDerivation rules) {
    this.rules = rules;
  }

  /**
   * Derives a codec.
   *
   * @throws IllegalArgumentException if the type, or one inside it, has none
   */
  BitcodeCodec<?> derive(TypePlace place) {
    JavaType type = resolver.resolve(place, Map.of());
    return isVoid(type) ? new VoidCodec() : derive(type);
  }

  private BitcodeCodec<?> derive(JavaType type) {
    BitcodeCodec<?> codec = made.get(type);
    if (codec == null) {
      codec = make(type);
      made.put(type, codec);
    }
    return codec;
  }

  private BitcodeCodec<?> make(JavaType type) {
    BitcodeCodec<?> given = rules.given(type.raw());
    BitcodeCodec<?> leaf = given != null ? null : checked(() -> LeafForms.find(type));
    if (leaf != null) {
      return leaf;
    }
    if (given == null && ContainerForms.has(type.raw())) {
      return container(type);
    }
    if (type.annotated()) {
      throw path.refusal(LeafForms.misfit(type, "no annotation"));
    }
    if (given != null) {
      return given;
    }
    if (type.raw().isEnum()) {
      return checked(() -> enumOf(type.raw()));
    }
    if (type.raw().isRecord()) {
      return struct(type);
    }
    if (type.raw().isSealed() && type.raw().isInterface()) {
      return variants(type);
    }
    throw path.refusal(
        isVoid(type)
            ? type + " inside a type, expected " + Unit.class.getName()
            : type
                + " has no counterpart in Rust, expected a record, an enum, a sealed interface, a"
                + " type that BitcodeDerivation lists or one that it was given a codec for");
  }

  private BitcodeCodec<?> container(JavaType type) {
    // A raw type has no arguments to derive.
    resolver.scope(type);
    List<BitcodeCodec<?>> contents = new ArrayList<>();
    for (JavaType argument : type.arguments()) {
      contents.add(derive(argument));
    }
    return checked(() -> ContainerForms.of(type, contents));
  }

  private BitcodeCodec<?> struct(JavaType type) {
    path.enter(type);
    Map<TypeVariable<?>, JavaType> scope = resolver.scope(type);
    List<String> names = new ArrayList<>();
    List<BitcodeCodec<?>> codecs = new ArrayList<>();
    for (RecordComponent component : type.raw().getRecordComponents()) {
      path.at("component " + component.getName());
      names.add(component.getName());
      codecs.add(derive(resolver.resolve(TypePlace.of(component.getAnnotatedType()), scope)));
    }
    path.leave();
    return checked(
        () -> RecordCodec.of(RecordAccess.of(type.raw(), rules.lookup()), names, codecs));
  }

  private BitcodeCodec<?> variants(JavaType type) {
    path.enter(type);
    Map<TypeVariable<?>, JavaType> scope = resolver.scope(type);
    List<Class<?>> classes = List.of(type.raw().getPermittedSubclasses());
    int[] numbers = checked(() -> VariantOrder.of(classes));
    Variant<?>[] variants = new Variant<?>[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      Class<?> variant = classes.get(i);
      path.at("variant " + variant.getSimpleName());
      if (!variant.isRecord()) {
        throw path.refusal(
            "%s is no record, expected one; %s"
                .formatted(
                    variant.getName(),
                    variant.isSealed()
                        ? "with one component for a variant that holds another enum"
                        : "without components for a variant without fields"));
      }
      variants[numbers[i]] = variant(variant, derive(variantType(variant, type.raw(), scope)));
    }
    path.leave();
    return Enums.variants(variants);
  }

  /** The record with what its variables are in the sealed interface that it implements. */
  private JavaType variantType(
      Class<?> variant, Class<?> parent, Map<TypeVariable<?>, JavaType> scope) {
    Map<Type, JavaType> bound = new HashMap<>();
    for (Type implemented : variant.getGenericInterfaces()) {
      if (implemented instanceof ParameterizedType generic && generic.getRawType() == parent) {
        for (int i = 0; i < parent.getTypeParameters().length; i++) {
          bound.put(generic.getActualTypeArguments()[i], scope.get(parent.getTypeParameters()[i]));
        }
      }
    }
    List<JavaType> arguments = new ArrayList<>();
    for (TypeVariable<?> variable : variant.getTypeParameters()) {
      JavaType argument = bound.get(variable);
      if (argument == null) {
        throw path.refusal(
            "%s does not say what the type variable %s of %s is"
                .formatted(parent.getName(), variable, variant.getName()));
      }
      arguments.add(argument);
    }
    return new JavaType(variant, List.copyOf(arguments), WireForm.PLAIN, JavaType.ANY_LENGTH);
  }

  @SuppressWarnings("unchecked") // The codec was made for this class.
  private static <V> Variant<V> variant(Class<V> type, BitcodeCodec<?> codec) {
    return Enums.variant(type.getSimpleName(), type, (BitcodeCodec<V>) codec);
  }

  @SuppressWarnings("unchecked") // Only called with the class of an enum.
  private static <E extends Enum<E>> BitcodeCodec<?> enumOf(Class<?> type) {
    return Enums.enumOf((Class<E>) type);
  }

  private static boolean isVoid(JavaType type) {
    return type.raw() == void.class || type.raw() == Void.class;
  }

  /** Says where we are when a part that does not know it refuses. */
  private <C extends @Nullable Object> C checked(Supplier<C> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw path.refusal(String.valueOf(e.getMessage()), e);
    }
  }
}
