package io.muxio.bitcode;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to take records of one class apart and put them together.
 *
 * @param constructor the canonical one
 * @param getters the accessors, in the order of the components
 */
record RecordAccess(MethodHandle constructor, List<MethodHandle> getters) {
  /** What a method handle can take; a long or a double takes two places. */
  private static final int MAX_PLACES = 250;

  /**
   * Finds the way in.
   *
   * @param user the lookup of a module with records of its own, null if there is none
   * @throws IllegalArgumentException if the lookup may not use the record, or if it is too large
   */
  static RecordAccess of(Class<?> type, @Nullable Lookup user) {
    RecordComponent[] components = type.getRecordComponents();
    MethodType arguments =
        MethodType.methodType(
            void.class,
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    int places = arguments.parameterList().stream().mapToInt(RecordAccess::places).sum();
    if (places > MAX_PLACES) {
      throw new IllegalArgumentException(
          "record %s has components of %d places, long and double of two, expected at most %d"
              .formatted(type.getName(), places, MAX_PLACES));
    }
    Lookup lookup = lookup(type, user);
    try {
      List<MethodHandle> getters = new ArrayList<>();
      for (RecordComponent component : components) {
        getters.add(lookup.unreflect(component.getAccessor()));
      }
      return new RecordAccess(lookup.findConstructor(type, arguments), List.copyOf(getters));
    } catch (IllegalAccessException e) {
      Module ours = RecordAccess.class.getModule();
      throw new IllegalArgumentException(
          "no access to record %s of %s, expected its package to be open to %s, or a lookup of its module"
              .formatted(type.getName(), type.getModule(), ours.isNamed() ? ours.getName() : ours),
          e);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          "record %s has no canonical constructor; a native image must be told to keep it"
              .formatted(type.getName()),
          e);
    }
  }

  private static int places(Class<?> component) {
    return component == long.class || component == double.class ? 2 : 1;
  }

  /** A lookup with private access, or else one that sees what is public. */
  private static Lookup lookup(Class<?> type, @Nullable Lookup user) {
    try {
      if (user != null) {
        return MethodHandles.privateLookupIn(type, user);
      }
      RecordAccess.class.getModule().addReads(type.getModule());
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    } catch (IllegalAccessException e) {
      return MethodHandles.publicLookup();
    }
  }
}
