package io.muxio.bitcode;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;

/**
 * The template of a hidden class for each record, whose class data are the handles; see {@link
 * RecordCalls}. It is never used itself.
 */
final class ConstantRecordCalls implements RecordCalls {
  private static final RecordHandleCalls CALLS = calls();

  ConstantRecordCalls() {}

  private static RecordHandleCalls calls() {
    try {
      return MethodHandles.classData(
          MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, RecordHandleCalls.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public int expectedBytes() {
    return CALLS.expectedBytes();
  }

  @Override
  public void collect(ColumnWriter<?>[] columns, Object record) throws Throwable {
    CALLS.collect(columns, record);
  }

  @Override
  public Object assemble(ColumnReader<?>[] columns) throws Throwable {
    return CALLS.assemble(columns);
  }

  @Override
  public void writeOne(Output out, Object record) throws Throwable {
    CALLS.writeOne(out, record);
  }

  @Override
  public Object readOne(Input in) throws Throwable {
    return CALLS.readOne(in);
  }
}
