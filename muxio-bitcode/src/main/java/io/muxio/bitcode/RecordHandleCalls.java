package io.muxio.bitcode;

import java.lang.invoke.MethodHandle;

/**
 * The method handles of one record; see {@link RecordCalls}. Where an instance is a constant, so
 * are its handles, because this is a record.
 *
 * @param expectedBytes see {@link BitcodeCodec#expectedBytes}
 */
record RecordHandleCalls(
    int expectedBytes,
    MethodHandle collector,
    MethodHandle assembler,
    MethodHandle writer,
    MethodHandle reader)
    implements RecordCalls {

  @Override
  public void collect(ColumnWriter<?>[] columns, Object record) throws Throwable {
    collector.invokeExact(columns, record);
  }

  @Override
  public Object assemble(ColumnReader<?>[] columns) throws Throwable {
    return (Object) assembler.invokeExact(columns);
  }

  @Override
  public void writeOne(Output out, Object record) throws Throwable {
    writer.invokeExact(out, record);
  }

  @Override
  public Object readOne(Input in) throws Throwable {
    return (Object) reader.invokeExact(in);
  }
}
