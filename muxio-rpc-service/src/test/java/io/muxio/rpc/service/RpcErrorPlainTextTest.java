package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain text that looks like a structured error. */
class RpcErrorPlainTextTest {
  /**
   * A lenient reader of the structured form takes any byte below 243 for a code and the next one
   * for the length, so it finds a structured error in every text whose second character happens to
   * be the number of bytes after it.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a number was expected, got a word.", // ' ' is 32
        "I/O error while reading the segment 000000001.dat", // '/' is 47
      })
  void plainTextIsNotTakenForAStructuredErrorByItsLength(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    assertThat((int) body[1]).as("the coincidence").isEqualTo(body.length - 2);
    assertThat(RpcError.messageOf(Unpooled.wrappedBuffer(body))).isEqualTo(text);
  }
}
