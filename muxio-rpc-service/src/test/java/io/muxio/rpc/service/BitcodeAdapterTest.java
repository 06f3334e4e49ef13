package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bitcode behind the codec of a method. */
class BitcodeAdapterTest {
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  /** Six times 1.0, as the specification writes it. */
  private static final byte[] SIX_ONES = HexFormat.of().parseHex("0605000000000000f03f0a00");

  private final Codec<double[]> numbers = Codec.bitcode(Bitcode.f64Array());
  private final Codec<String> text = Codec.bitcode(Bitcode.string());

  @Test
  void encodesThePublishedBytes() {
    ByteBuf encoded = numbers.encode(new double[] {1, 1, 1, 1, 1, 1}, ALLOCATOR);
    assertThat(ByteBufUtil.getBytes(encoded)).isEqualTo(SIX_ONES);
    encoded.release();
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void decodesTheReadableBytesOfEveryKindOfBuffer(BufferKind kind) {
    ByteBuf buffer = kind.of(SIX_ONES);
    assertThat(numbers.decode(buffer)).containsExactly(1, 1, 1, 1, 1, 1);
    kind.assertStillOwnedByCaller(buffer);
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void bytesAfterTheValueAreRefusedAndTheBufferStaysWithItsOwner(BufferKind kind) {
    ByteBuf buffer = kind.of(HexFormat.of().parseHex("0605000000000000f03f0a0000"));
    assertThatThrownBy(() -> numbers.decode(buffer))
        .isInstanceOf(CodecException.class)
        .hasCauseInstanceOf(BitcodeException.class);
    kind.assertStillOwnedByCaller(buffer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ff", "01", "01ff", "feffffffff", "fdffffffffffffffff"})
  void bytesThatAreNoValueAreRefusedWithAReason(String hex) {
    ByteBuf buffer = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> text.decode(buffer))
        .isInstanceOf(CodecException.class)
        .message()
        .isNotBlank()
        .isNotEqualTo("null");
    buffer.release();
  }

  @Test
  void aCompositeBufferWithoutPartsIsNoValue() {
    ByteBuf buffer = ALLOCATOR.compositeBuffer();
    assertThatThrownBy(() -> text.decode(buffer)).isInstanceOf(CodecException.class);
    buffer.release();
  }

  @Test
  void aValueThatTheTypeHasNotIsRefused() {
    assertThatThrownBy(() -> text.encode("\ud800", ALLOCATOR))
        .isInstanceOf(CodecException.class)
        .hasCauseInstanceOf(BitcodeException.class);
    Codec<Integer> small = Codec.bitcode(Bitcode.u8());
    assertThatThrownBy(() -> small.encode(256, ALLOCATOR)).isInstanceOf(CodecException.class);
  }

  @Test
  void aLongValueSurvives() {
    Codec<List<String>> list = Codec.bitcode(Bitcode.list(Bitcode.string()));
    List<String> value = List.of("a".repeat(100_000), "", "漢字");
    ByteBuf encoded = list.encode(value, ALLOCATOR);
    assertThat(list.decode(encoded)).isEqualTo(value);
    encoded.release();
  }
}
