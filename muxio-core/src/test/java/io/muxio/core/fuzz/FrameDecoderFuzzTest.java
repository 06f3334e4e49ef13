package io.muxio.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.muxio.test.FuzzInput;

/** Bytes that are cut anywhere, of both generations, with the generation known and to be told. */
class FrameDecoderFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void bytesCutAnywhere(byte[] data) {
    new DecoderCase(new FuzzInput(data)).run();
  }
}
