package io.muxio.bitcode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the method handles of one record. Where the JVM can, they are constants of a class of
 * their own, so that the just-in-time compiler sees through them as through code that was written
 * by hand; in a native image, which takes no new classes, each is an indirect call.
 */
interface RecordCalls {
  /** Components whose bytes are a guess shall not add up to kilobytes. */
  int MOST_EXPECTED_BYTES = 512;

  /** See {@link BitcodeCodec#expectedBytes}. */
  int expectedBytes();

  /** See {@link RecordHandles#collector}. */
  void collect(ColumnWriter<?>[] columns, Object record) throws Throwable;

  /** See {@link RecordHandles#assembler}. */
  Object assemble(ColumnReader<?>[] columns) throws Throwable;

  /** See {@link OneRecordHandles#writer}. */
  void writeOne(Output out, Object record) throws Throwable;

  /** See {@link OneRecordHandles#reader}. */
  Object readOne(Input in) throws Throwable;

  /** Composes the handles. */
  static RecordCalls of(RecordAccess access, List<? extends Field<?, ?>> fields) {
    int sum = fields.stream().mapToInt(field -> field.codec().expectedBytes()).sum();
    RecordHandleCalls calls =
        new RecordHandleCalls(
            Math.min(sum, MOST_EXPECTED_BYTES),
            RecordHandles.collector(access, fields),
            RecordHandles.assembler(access, fields),
            OneRecordHandles.writer(access, fields),
            OneRecordHandles.reader(access, fields));
    RecordCalls constant = constant(calls);
    return constant != null ? constant : calls;
  }

  /** A copy of {@link ConstantRecordCalls} with these handles; null where there can be none. */
  private static @Nullable RecordCalls constant(RecordHandleCalls calls) {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      return null;
    }
    Class<?> template = ConstantRecordCalls.class;
    try (InputStream code = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      if (code == null) {
        return null; // left out when the jar was repacked
      }
      Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(code.readAllBytes(), calls, true);
      return (RecordCalls) copy.lookupClass().getDeclaredConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException | LinkageError e) {
      return null; // slower, and right all the same
    }
  }
}
