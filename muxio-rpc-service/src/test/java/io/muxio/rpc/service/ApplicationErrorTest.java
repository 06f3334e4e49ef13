package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Errors of the application as bytes. */
class ApplicationErrorTest {
  private static final ErrorType<String, Refused> REFUSED =
      ErrorType.of(Refused.class, Codec.utf8(), Refused::new);
  private static final RpcMethod<byte[], byte[]> PLAIN =
      RpcMethod.unary("shop", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> DECLARING = PLAIN.throwing(REFUSED);

  /** The structured error {@code {Fail, "no"}}. */
  private static final String STRUCTURED = "00" + "02" + "6e6f";

  private static final String REFUSED_NO = STRUCTURED + "07" + "52656675736564" + "02" + "6869";

  private static class Refused extends ApplicationException {
    private static final long serialVersionUID = 1;
    private final String data;

    Refused(String message, String data) {
      super(message);
      this.data = data;
    }

    @Override
    public String data() {
      return data;
    }
  }

  private static final class Angry extends Refused {
    private static final long serialVersionUID = 1;

    Angry(String message) {
      super(message, "hi");
    }
  }

  private static String encoded(ApplicationException failure, MethodDescriptor method) {
    ByteBuf body = RpcError.encode(failure, method, ByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.hexDump(body);
    } finally {
      body.release();
    }
  }

  private static RpcException decoded(String hex, MethodDescriptor method) {
    ByteBuf body = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    return RpcError.toException(RpcStatus.FAIL, method, body);
  }

  @Test
  void theBodyBeginsWithTheStructuredError() {
    assertThat(encoded(new Refused("no", "hi"), DECLARING)).isEqualTo(REFUSED_NO);
    assertThat(encoded(new Angry("no"), DECLARING)).as("a subclass").isEqualTo(REFUSED_NO);
    assertThat(encoded(new Refused("no", "hi"), PLAIN)).as("not declared").isEqualTo(STRUCTURED);
  }

  @Test
  void theDeclaredErrorIsTheCause() {
    RpcException failure = decoded(REFUSED_NO, DECLARING);
    assertThat(failure).hasMessage("shop: FAIL: no");
    assertThat(failure.getCause())
        .isExactlyInstanceOf(Refused.class)
        .hasMessage("no")
        .extracting(cause -> ((Refused) cause).data())
        .isEqualTo("hi");
  }

  @Test
  void whoDoesNotDeclareItGetsTheMessage() {
    assertThat(decoded(REFUSED_NO, PLAIN)).hasMessage("shop: FAIL: no").hasNoCause();
    ByteBuf body = Unpooled.wrappedBuffer(HexFormat.of().parseHex(REFUSED_NO));
    assertThat(RpcError.messageOf(body)).isEqualTo("no");
  }

  @Test
  void dataThatCannotBeDecodedIsNotTheDeclaredError() {
    String notUtf8 = REFUSED_NO.replace("6869", "ff69");
    assertThat(decoded(notUtf8, DECLARING))
        .hasMessage("shop: FAIL: no")
        .hasCauseExactlyInstanceOf(CodecException.class);
  }

  /** As older peers send it; where blanks and letters happen to be the lengths of such a body. */
  @Test
  void plainTextIsTheMessage() {
    String text = "I " + "m".repeat(' ') + "#" + "t".repeat('#') + "(\n" + "d".repeat(5);
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    assertThat(decoded(hex, DECLARING)).hasMessage("shop: FAIL: " + text);
  }

  @Test
  void anyBytesAreAFailure() {
    Random random = new Random(1);
    byte[] good = HexFormat.of().parseHex(REFUSED_NO);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      ByteBuf body = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1));
      assertThat(RpcError.toException(RpcStatus.FAIL, DECLARING, body).status())
          .isEqualTo(RpcStatus.FAIL);
    }
  }

  @Test
  void theNamesOfAMethodsErrorsDiffer() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.throwing(REFUSED, copy()))
        .withMessage("shop: two errors of the name Refused (expected: different names)");
    assertThat(StreamMethod.of("shop").throwing(REFUSED).errors()).containsExactly(REFUSED);
  }

  private static ErrorType<String, Refused> copy() {
    return ErrorType.of(Refused.class, Codec.utf8(), Refused::new);
  }
}
