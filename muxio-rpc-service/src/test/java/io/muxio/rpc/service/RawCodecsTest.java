package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codecs that give the bytes no structure. */
class RawCodecsTest {
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void bytesAreTheReadableOnes(BufferKind kind) {
    byte[] bytes = {1, 2, 3, -1};
    ByteBuf buffer = kind.of(bytes);
    assertThat(Codec.bytes().decode(buffer)).isEqualTo(bytes);
    kind.assertStillOwnedByCaller(buffer);
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void noBytesAreAnEmptyArray(BufferKind kind) {
    ByteBuf buffer = kind.of(new byte[0]);
    assertThat(Codec.bytes().decode(buffer)).isEmpty();
    kind.assertStillOwnedByCaller(buffer);
  }

  @Test
  void decodedBytesShareNothingWithTheBuffer() {
    ByteBuf buffer = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
    byte[] decoded = Codec.bytes().decode(buffer);
    buffer.setByte(0, 9);
    assertThat(decoded).containsExactly(1, 2, 3);
    buffer.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 70_000})
  void bytesAreEncodedAsTheyAre(int length) {
    byte[] bytes = new byte[length];
    ByteBuf encoded = Codec.bytes().encode(bytes, ALLOCATOR);
    assertThat(ByteBufUtil.getBytes(encoded)).isEqualTo(bytes);
    encoded.release();
  }

  @Test
  void encodingABufferTakesItOver() {
    ByteBuf value = ALLOCATOR.directBuffer().writeBytes(new byte[] {1, 2, 3});
    ByteBuf encoded = Codec.byteBuf().encode(value, ALLOCATOR);
    assertThat(encoded).isSameAs(value);
    assertThat(value.refCnt()).isEqualTo(1);
    encoded.release();
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void aDecodedBufferOutlivesTheOneItCameFrom(BufferKind kind) {
    byte[] bytes = {1, 2, 3, 4};
    ByteBuf buffer = kind.of(bytes);
    ByteBuf decoded = Codec.byteBuf().decode(buffer);
    assertThat(buffer.refCnt()).as("one for each owner").isEqualTo(2);
    buffer.release();
    assertThat(ByteBufUtil.getBytes(decoded)).isEqualTo(bytes);
    assertThat(decoded.release()).as("the last owner").isTrue();
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void aDecodedBufferIsNoCopy() {
    ByteBuf buffer = ALLOCATOR.directBuffer().writeBytes(new byte[] {1, 2, 3});
    buffer.skipBytes(1);
    ByteBuf decoded = Codec.byteBuf().decode(buffer);
    buffer.setByte(1, 9);
    assertThat(decoded.getByte(decoded.readerIndex())).isEqualTo((byte) 9);
    decoded.release();
    buffer.release();
  }

  @Test
  void anEmptyBufferIsAnEmptyBuffer() {
    ByteBuf decoded = Codec.byteBuf().decode(Unpooled.EMPTY_BUFFER);
    assertThat(decoded.isReadable()).isFalse();
    decoded.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "math.add", "méthode 漢字 😀", "\u0000", "\uffff"})
  void textSurvives(String text) {
    ByteBuf encoded = Codec.utf8().encode(text, ALLOCATOR);
    assertThat(ByteBufUtil.getBytes(encoded)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(Codec.utf8().decode(encoded)).isEqualTo(text);
    assertThat(encoded.refCnt()).isEqualTo(1);
    encoded.release();
  }

  @ParameterizedTest
  @EnumSource(BufferKind.class)
  void textIsReadFromEveryKindOfBuffer(BufferKind kind) {
    ByteBuf buffer = kind.of("méthode 漢字 😀".getBytes(StandardCharsets.UTF_8));
    assertThat(Codec.utf8().decode(buffer)).isEqualTo("méthode 漢字 😀");
    kind.assertStillOwnedByCaller(buffer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // no byte of UTF-8
        "80", // a continuation alone
        "c3", // cut
        "e6bc", // cut
        "61f09f98", // cut
        "c080", // overlong
        "e08080", // overlong
        "eda080", // a surrogate
        "f4908080" // beyond the last code point
      })
  void malformedTextIsRefused(String hex) {
    ByteBuf buffer = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> Codec.utf8().decode(buffer))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("UTF-8");
    assertThat(buffer.refCnt()).isEqualTo(1);
    buffer.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800"})
  void anUnpairedSurrogateIsRefused(String text) {
    assertThatThrownBy(() -> Codec.utf8().encode(text, ALLOCATOR))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("unpaired surrogate");
  }
}
