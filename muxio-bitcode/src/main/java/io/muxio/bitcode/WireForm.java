package io.muxio.bitcode;

import java.lang.annotation.Annotation;
import org.jspecify.annotations.Nullable;

/** Which Rust type a Java type stands for, where there is a choice. */
enum WireForm {
  /** The one without an annotation. */
  PLAIN(null),
  U8(U8.class),
  I8(I8.class),
  U16(U16.class),
  U32(U32.class),
  U64(U64.class),
  U128(U128.class),
  I128(I128.class),
  CODE_POINT(CodePoint.class);

  private final @Nullable Class<? extends Annotation> annotation;

  WireForm(@Nullable Class<? extends Annotation> annotation) {
    this.annotation = annotation;
  }

  /** The form that an annotation chooses, null if it is about something else. */
  static @Nullable WireForm chosenBy(Annotation annotation) {
    for (WireForm form : values()) {
      if (annotation.annotationType() == form.annotation) {
        return form;
      }
    }
    return null;
  }

  /** As in a source. */
  @Override
  public String toString() {
    return annotation == null ? "no annotation" : "@" + annotation.getSimpleName();
  }
}
