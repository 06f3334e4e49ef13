package io.muxio.bitcode;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * The template of a hidden class for each record, whose class data are the handles; see {@link
 * RecordCalls}. It is never used itself.
 */
final class ConstantRecordCalls implements RecordCalls {
  private static final MethodHandle COLLECTOR = handle(0);
  private static final MethodHandle ASSEMBLER = handle(1);
  private static final MethodHandle WRITER = handle(2);
  private static final MethodHandle READER = handle(3);

  ConstantRecordCalls() {}

  private static MethodHandle handle(int index) {
    try {
      return MethodHandles.classDataAt(
          MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class, index);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public void collect(ColumnWriter<?>[] columns, Object record) throws Throwable {
    COLLECTOR.invokeExact(columns, record);
  }

  @Override
  public Object assemble(ColumnReader<?>[] columns) throws Throwable {
    return (Object) ASSEMBLER.invokeExact(columns);
  }

  @Override
  public void writeOne(Output out, Object record) throws Throwable {
    WRITER.invokeExact(out, record);
  }

  @Override
  public Object readOne(Input in) throws Throwable {
    return (Object) READER.invokeExact(in);
  }
}
