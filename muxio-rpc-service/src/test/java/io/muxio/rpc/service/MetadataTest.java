package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  private static final Metadata SOME =
      Metadata.of("a", "1").with("Trace.Id-2_x", "zwölf").with("a", "").with("a", "3");

  @Test
  void aNameHasItsValuesInTheirOrder() {
    assertThat(SOME.get("a")).isEqualTo("1");
    assertThat(SOME.getAll("A")).containsExactly("1", "", "3");
    assertThat(SOME.get("trace.id-2_X")).isEqualTo("zwölf");
    assertThat(SOME.names()).containsExactly("a", "trace.id-2_x");
    assertThat(SOME.isEmpty()).isFalse();
  }

  @Test
  void whatIsNotThereIsNull() {
    assertThat(SOME.get("b")).isNull();
    assertThat(SOME.getBytes("trace.id-2")).isNull();
    assertThat(SOME.getAll("b")).isEmpty();
    assertThat(Metadata.EMPTY.get("a")).isNull();
    assertThat(Metadata.EMPTY.isEmpty()).isTrue();
  }

  @Test
  void entriesTravelAsTheProtocolSays() {
    byte[] wire = Metadata.of("ab", "xyz").with("c", new byte[0]).encode();
    assertThat(wire).isEqualTo("\2ab\3\0xyz\1c\0\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(Metadata.decode(SOME.encode())).isEqualTo(SOME).hasSameHashCodeAs(SOME);
    assertThat(Metadata.decode(new byte[0])).isSameAs(Metadata.EMPTY);
    assertThat(SOME.size()).isEqualTo(SOME.encode().length);
  }

  @Test
  void aValueIsAnyBytes() {
    byte[] value = new byte[60_000];
    value[59_999] = -1;
    Metadata binary = Metadata.EMPTY.with("key", value).with("next", "n");
    value[59_999] = 0;
    assertThat(binary.getBytes("key")).hasSize(60_000).endsWith(-1);
    assertThat(binary.get("next")).isEqualTo("n");
  }

  @Test
  void entriesAreTakenOutAndPutTogether() {
    assertThat(SOME.without("a")).isEqualTo(Metadata.of("trace.id-2_x", "zwölf"));
    assertThat(SOME.without("b")).isSameAs(SOME);
    assertThat(SOME.without("a").without("trace.id-2_x")).isSameAs(Metadata.EMPTY);
    assertThat(Metadata.of("a", "1").and(SOME.without("a")).names())
        .containsExactly("a", "trace.id-2_x");
    assertThat(SOME.and(Metadata.EMPTY)).isSameAs(SOME);
    assertThat(Metadata.EMPTY.and(SOME)).isSameAs(SOME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a:b", "a/b", "\0"})
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> Metadata.of(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name of metadata: '" + name + "' (expected: ");
    assertThatThrownBy(() -> SOME.get(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNameHas255LettersAtMost() {
    assertThat(Metadata.of("n".repeat(255), "x").get("n".repeat(255))).isEqualTo("x");
    assertThatThrownBy(() -> Metadata.of("n".repeat(256), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreThanTheWireHoldsIsRefused() {
    Metadata most = Metadata.EMPTY.with("a", new byte[65_535 - 4]);
    assertThat(most.size()).isEqualTo(65_535);
    assertThatThrownBy(() -> most.with("b", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metadata: 65539 bytes (expected: at most 65535)");
    assertThatThrownBy(() -> most.and(SOME)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLogDoesNotShowValues() {
    assertThat(Metadata.of("token", "secret")).hasToString("Metadata[token]");
  }

  @Test
  void aFailureKeepsItsMetadataWhereverItGoes() throws Exception {
    RpcException failure = RpcException.overloaded("full", null).withMetadata(SOME);
    assertThat(failure.rethrown().metadata()).isEqualTo(SOME);
    assertThat(failure.noted("once more").metadata()).isEqualTo(SOME);
    assertThat(failure.mayHaveReachedPeer()).isFalse();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(failure);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((RpcException) in.readObject()).metadata()).isEqualTo(SOME);
    }
  }
}
