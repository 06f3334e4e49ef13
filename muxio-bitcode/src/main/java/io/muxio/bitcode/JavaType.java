package io.muxio.bitcode;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A Java type, all of whose variables are resolved, with our annotations.
 *
 * @param raw its class
 * @param arguments its type arguments, none if it is not generic or used without them
 * @param form from the annotations of the type, or of the elements of an array
 * @param fixedLength from {@link FixedLength}, or {@link #ANY_LENGTH}
 */
record JavaType(Class<?> raw, List<JavaType> arguments, WireForm form, int fixedLength) {
  static final int ANY_LENGTH = -1;

  boolean annotated() {
    return form != WireForm.PLAIN || fixedLength != ANY_LENGTH;
  }

  /** Our annotations, as in a source. */
  String annotations() {
    String length = fixedLength == ANY_LENGTH ? "" : "@FixedLength(" + fixedLength + ")";
    return form == WireForm.PLAIN ? length : length.isEmpty() ? "" + form : form + " " + length;
  }

  /** As in a source. */
  @Override
  public String toString() {
    String name = annotated() ? annotations() + " " + raw.getTypeName() : raw.getTypeName();
    return arguments.isEmpty()
        ? name
        : arguments.stream()
            .map(JavaType::toString)
            .collect(Collectors.joining(", ", name + "<", ">"));
  }
}
