package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodecTest {
  @Test
  void encodesAtThePositionOfABuffer() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8).position(3);
    Bitcode.string().encode("hi", buffer);
    assertThat(buffer.position()).isEqualTo(6);
    assertThat(buffer.get(3)).isEqualTo((byte) 2);
    assertThat(buffer.get(4)).isEqualTo((byte) 'h');
    assertThat(buffer.get(5)).isEqualTo((byte) 'i');
    assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @Test
  void aBufferThatIsTooSmallStaysAsItIs() {
    ByteBuffer buffer = ByteBuffer.allocate(2);
    assertThatThrownBy(() -> Bitcode.string().encode("hi", buffer))
        .isInstanceOf(BufferOverflowException.class);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.array()).containsExactly(0, 0);
  }

  @Test
  void decodesWhatRemainsOfABuffer() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 9, 2, 'h', 'i', 9}).position(2).limit(5);
    assertThat(Bitcode.string().decode(buffer)).isEqualTo("hi");
    assertThat(buffer.position()).isEqualTo(5);
    ByteBuffer bad = ByteBuffer.wrap(new byte[] {9, 3, 'h', 'i'}).position(1);
    assertThatThrownBy(() -> Bitcode.string().decode(bad)).isInstanceOf(BitcodeException.class);
    assertThat(bad.position()).isEqualTo(1);
    assertThat(Bitcode.string().decode(ByteBuffer.wrap(new byte[] {1, 'x'}).asReadOnlyBuffer()))
        .isEqualTo("x");
  }

  @Test
  void nothingIsSharedWithTheMessageOrTheValue() {
    byte[] value = {100, 101, (byte) 200, 103};
    byte[] message = Bitcode.bytes().encode(value);
    byte[] decoded = Bitcode.bytes().decode(message);
    value[0] = 0;
    message[2] = 0;
    assertThat(decoded).containsExactly(100, 101, 200, 103);
  }

  @Test
  void otherJavaTypes() {
    BitcodeCodec<Instant> codec =
        Bitcode.i64().map(Instant::ofEpochSecond, Instant::getEpochSecond);
    Instant instant = Instant.ofEpochSecond(1_700_000_000);
    assertThat(codec.decode(codec.encode(instant))).isEqualTo(instant);
    assertThatThrownBy(() -> codec.decode(Bitcode.i64().encode(Long.MAX_VALUE)))
        .isInstanceOf(BitcodeException.class)
        .hasMessageContaining("the mapping rejects it")
        .hasCauseInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> Bitcode.u8().map(i -> i, i -> (Integer) null).encode(1))
        .isInstanceOf(BitcodeException.class);
    assertThatThrownBy(() -> Bitcode.u8().map(i -> null, i -> 1).decode(new byte[1]))
        .isInstanceOf(BitcodeException.class);
  }

  @Test
  void aCodecServesManyThreads() {
    BitcodeCodec<List<List<String>>> codec = Bitcode.list(Bitcode.list(Bitcode.string()));
    boolean same =
        IntStream.range(0, 2000)
            .parallel()
            .mapToObj(i -> List.of(List.of("a" + i, "b"), List.<String>of(), List.of("c" + i)))
            .allMatch(value -> codec.decode(codec.encode(value)).equals(value));
    assertThat(same).isTrue();
  }
}
