package io.muxio.bitcode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a derivation is: the types inside one another, and the component of each. */
final class DerivationPath {
  /** Types grow without end if a generic record contains itself with other arguments. */
  private static final int MAX_DEPTH = 100;

  private final List<JavaType> types = new ArrayList<>();
  private final List<String> components = new ArrayList<>();

  /**
   * Enters a record or a sealed interface.
   *
   * @throws IllegalArgumentException if it contains itself
   */
  void enter(JavaType type) {
    int first = types.indexOf(type);
    if (first >= 0) {
      throw refusal(
          "%s contains itself, as %s%s, which bitcode cannot express"
              .formatted(type, cycle(first), type.raw().getSimpleName()));
    }
    if (types.size() == MAX_DEPTH) {
      throw refusal(
          "%s is nested more than %d deep, or contains itself with ever other arguments"
              .formatted(type.raw().getName(), MAX_DEPTH));
    }
    types.add(type);
    components.add("");
  }

  /** Goes on to a component, or a variant, of the type that was entered last. */
  void at(String component) {
    components.set(components.size() - 1, component);
  }

  void leave() {
    types.remove(types.size() - 1);
    components.remove(components.size() - 1);
  }

  /** Says why there is no codec, and where. */
  IllegalArgumentException refusal(String reason) {
    return refusal(reason, null);
  }

  /** The same for a reason that was thrown. */
  IllegalArgumentException refusal(String reason, @Nullable Throwable cause) {
    return new IllegalArgumentException(where() + reason, cause);
  }

  private String where() {
    int last = types.size() - 1;
    if (last < 0) {
      return "";
    }
    String type = types.get(last).raw().getName();
    return components.get(last).isEmpty()
        ? type + ": "
        : components.get(last) + " of " + type + ": ";
  }

  private String cycle(int first) {
    StringBuilder cycle = new StringBuilder();
    for (int i = first; i < types.size(); i++) {
      String name = types.get(i).raw().getSimpleName();
      cycle.append(name).append(" (").append(components.get(i)).append(") -> ");
    }
    return cycle.toString();
  }
}
