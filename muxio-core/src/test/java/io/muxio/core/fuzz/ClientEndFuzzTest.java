package io.muxio.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.muxio.core.frame.IdSpace;
import io.muxio.test.FuzzInput;

/** A client's calls, whatever its server sends. */
class ClientEndFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void whateverTheServerSends(byte[] data) {
    new DispatcherCase(IdSpace.CLIENT, new FuzzInput(data)).run();
  }
}
