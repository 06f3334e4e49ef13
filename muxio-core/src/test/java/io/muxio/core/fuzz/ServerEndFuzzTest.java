package io.muxio.core.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.muxio.core.frame.IdSpace;
import io.muxio.test.FuzzInput;

/** A server's calls, whatever its client sends. */
class ServerEndFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void whateverTheClientSends(byte[] data) {
    new DispatcherCase(IdSpace.SERVER, new FuzzInput(data)).run();
  }
}
