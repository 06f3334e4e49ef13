package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.muxio.core.rpc.ResponseStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The structured error against published bytes, and its text out of any body. */
class RpcErrorTest {
  private static final int FRAME_HEADER = 13;
  private static final int RPC_HEADER = 15;
  private static final int TYPE_OFFSET = FRAME_HEADER;
  private static final int STATUS_OFFSET = FRAME_HEADER + RPC_HEADER;

  /** Status byte and body of the answer that was recorded from a published server. */
  private record Recorded(int status, String hex) {
    byte[] body() {
      return HexFormat.of().parseHex(hex);
    }
  }

  private static Recorded recorded(String scenario) throws IOException {
    String name = "/captures/0.17.2-" + scenario + ".jsonl";
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = RpcErrorTest.class.getResourceAsStream(name);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode message = json.readTree(line);
        byte[] frame = HexFormat.of().parseHex(message.get("hex").asText());
        if (message.get("dir").asText().equals("s2c") && frame.length > FRAME_HEADER) {
          assertThat(frame[TYPE_OFFSET]).as("a response").isEqualTo((byte) 1);
          byte[] body = Arrays.copyOfRange(frame, STATUS_OFFSET + 1, frame.length);
          return new Recorded(frame[STATUS_OFFSET], HexFormat.of().formatHex(body));
        }
      }
    }
    throw new AssertionError("no answer in " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "fail, FAIL, deliberate failure",
    "fail_system, SYSTEM_ERROR, structured system",
    "fail_notfound, NOT_FOUND, structured notfound"
  })
  void theBodyIsTheRecordedOne(String scenario, RpcStatus status, String message)
      throws IOException {
    Recorded recorded = recorded(scenario);
    assertThat(status.onWire().code()).isEqualTo(recorded.status);
    assertThat(encoded(RpcError.of(status, message))).isEqualTo(recorded.body());
    assertThat(messageOf(recorded.body())).isEqualTo(message);
  }

  @Test
  void aRecordedPlainTextIsTheMessage() throws IOException {
    assertThat(messageOf(recorded("boom").body())).isEqualTo("boom");
  }

  @Test
  void aRecordedAnswerOfAnUnknownMethodHasNoMessage() throws IOException {
    Recorded recorded = recorded("unknown");
    assertThat(RpcStatus.NOT_FOUND.onWire().code()).isEqualTo(recorded.status);
    assertThat(messageOf(recorded.body())).isEmpty();
    assertThat(RpcError.detailOf(RpcStatus.NOT_FOUND, Unpooled.wrappedBuffer(recorded.body())))
        .isEqualTo("the peer has no such method");
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, bad input, 000962616420696e707574",
    "SYSTEM, handler panicked, 011068616e646c65722070616e69636b6564",
    "NOT_FOUND, no such method, 020e6e6f2073756368206d6574686f64",
    "FAIL, '', 0000",
    "NOT_FOUND, méthode 漢字 😀, 02146dc3a974686f646520e6bca2e5ad9720f09f9880"
  })
  void theBodyIsThePublishedOne(RpcError.Code code, String message, String hex) {
    RpcError error = new RpcError(code, message);
    assertThat(HexFormat.of().formatHex(encoded(error))).isEqualTo(hex);
    assertThat(messageOf(HexFormat.of().parseHex(hex))).isEqualTo(message);
  }

  @ParameterizedTest
  @EnumSource(RpcStatus.class)
  void theCodeFollowsTheStatusOnTheWire(RpcStatus status) {
    RpcError error = RpcError.of(status, "text");
    RpcError.Code expected =
        switch (status.onWire()) {
          case FAIL -> RpcError.Code.FAIL;
          case METHOD_NOT_FOUND -> RpcError.Code.NOT_FOUND;
          case SUCCESS, SYSTEM_ERROR -> RpcError.Code.SYSTEM;
        };
    assertThat(error).isEqualTo(new RpcError(expected, "text"));
    assertThat(status.onWire() == ResponseStatus.SUCCESS).isEqualTo(status == RpcStatus.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 254, 255, 256, 65_535, 65_536, 1_000_000})
  void aMessageOfAnyLengthSurvives(int length) {
    String message = "m".repeat(length);
    assertThat(messageOf(encoded(new RpcError(RpcError.Code.SYSTEM, message)))).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"boom", "x", "overloaded: try again later", "漢字", "\u0001", "\u0001\u0002"})
  void plainTextIsTheMessage(String text) {
    assertThat(messageOf(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @Test
  void noBodyIsNoMessage() {
    assertThat(messageOf(new byte[0])).isEmpty();
    assertThat(RpcError.messageOf(Unpooled.EMPTY_BUFFER)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void theBodyIsOnlyLent(BufferKind kind) {
    for (String hex : new String[] {"000962616420696e707574", "626f6f6d", ""}) {
      ByteBuf body = kind.of(HexFormat.of().parseHex(hex));
      int readable = body.readableBytes();
      assertThat(RpcError.messageOf(body)).isIn("bad input", "boom", "");
      assertThat(body.readableBytes()).isEqualTo(readable);
      kind.assertStillOwnedByCaller(body);
    }
  }

  @Test
  void randomBytesGiveSomeTextAndNoException() {
    Random random = new Random(4);
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 1 && random.nextBoolean()) {
        bytes[0] = (byte) random.nextInt(4); // a code, so that the decoder gets further
        bytes[1] = (byte) (random.nextBoolean() ? bytes.length - 2 : 250 + random.nextInt(6));
      }
      assertThatCode(() -> assertThat(messageOf(bytes)).isNotNull())
          .as(HexFormat.of().formatHex(bytes))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aChangedOrCutErrorGivesSomeTextAndNoException() {
    byte[] good = encoded(new RpcError(RpcError.Code.FAIL, "méthode 漢字 😀"));
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatCode(() -> messageOf(cut)).doesNotThrowAnyException();
    }
    for (int index = 0; index < good.length; index++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = good.clone();
        changed[index] = (byte) value;
        assertThatCode(() -> messageOf(changed)).doesNotThrowAnyException();
      }
    }
  }

  private static byte[] encoded(RpcError error) {
    ByteBuf body = error.encode(UnpooledByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.getBytes(body);
    } finally {
      body.release();
    }
  }

  private static String messageOf(byte[] body) {
    return RpcError.messageOf(Unpooled.wrappedBuffer(body));
  }
}
