package io.muxio.bitcode;

import static java.util.Map.entry;

import java.lang.invoke.MethodType;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that need no derivation, in each of their forms. */
final class LeafForms {
  /** What {@link FixedLength} is for. */
  static final String FIXED = "it on a List or an array of primitives";

  private static final Map<Class<?>, Map<WireForm, BitcodeCodec<?>>> SCALARS =
      Map.ofEntries(
          entry(Boolean.class, Map.of(WireForm.PLAIN, Bitcode.bool())),
          entry(Byte.class, Map.of(WireForm.PLAIN, Bitcode.i8(), WireForm.I8, Bitcode.i8())),
          entry(Short.class, Map.of(WireForm.PLAIN, Bitcode.i16())),
          entry(
              Integer.class,
              Map.of(
                  WireForm.PLAIN, Bitcode.i32(),
                  WireForm.U8, Bitcode.u8(),
                  WireForm.U16, Bitcode.u16(),
                  WireForm.CODE_POINT, Bitcode.character())),
          entry(
              Long.class,
              Map.of(
                  WireForm.PLAIN, Bitcode.i64(),
                  WireForm.U32, Bitcode.u32(),
                  WireForm.U64, Bitcode.u64())),
          entry(Float.class, Map.of(WireForm.PLAIN, Bitcode.f32())),
          entry(Double.class, Map.of(WireForm.PLAIN, Bitcode.f64())),
          entry(Character.class, Map.of(WireForm.PLAIN, IntCodec.javaChar())),
          entry(
              BigInteger.class,
              Map.of(
                  WireForm.PLAIN, Bitcode.i128(),
                  WireForm.I128, Bitcode.i128(),
                  WireForm.U128, Bitcode.u128(),
                  WireForm.U64, Bitcode.u64().map(LeafForms::unsigned, LeafForms::bits))),
          entry(String.class, Map.of(WireForm.PLAIN, Bitcode.string())),
          entry(Unit.class, Map.of(WireForm.PLAIN, Bitcode.unit())),
          entry(Duration.class, Map.of(WireForm.PLAIN, Bitcode.duration())),
          entry(Inet4Address.class, Map.of(WireForm.PLAIN, Addresses.ipv4())),
          entry(Inet6Address.class, Map.of(WireForm.PLAIN, Addresses.ipv6())),
          entry(InetAddress.class, Map.of(WireForm.PLAIN, Addresses.ip())),
          entry(InetSocketAddress.class, Map.of(WireForm.PLAIN, Addresses.socket())));

  private static final Map<Class<?>, Map<WireForm, BitcodeVec<?>>> ARRAYS =
      Map.of(
          boolean[].class, Map.of(WireForm.PLAIN, Bitcode.boolArray()),
          byte[].class,
              Map.of(
                  WireForm.PLAIN, Bitcode.bytes(),
                  WireForm.U8, Bitcode.bytes(),
                  WireForm.I8, Bitcode.i8Array()),
          short[].class, Map.of(WireForm.PLAIN, Bitcode.i16Array()),
          int[].class,
              Map.of(
                  WireForm.PLAIN, Bitcode.i32Array(),
                  WireForm.U16, Bitcode.u16Array(),
                  WireForm.CODE_POINT, Bitcode.characterArray()),
          long[].class,
              Map.of(
                  WireForm.PLAIN, Bitcode.i64Array(),
                  WireForm.U32, Bitcode.u32Array(),
                  WireForm.U64, Bitcode.u64Array()),
          float[].class, Map.of(WireForm.PLAIN, Bitcode.f32Array()),
          double[].class, Map.of(WireForm.PLAIN, Bitcode.f64Array()),
          char[].class, Map.of(WireForm.PLAIN, new BitcodeVec<>(new CharElements())));

  private LeafForms() {}

  /**
   * The codec of a scalar or of an array of scalars.
   *
   * @return null if the type is something else
   * @throws IllegalArgumentException if the annotations do not fit the type
   */
  static @Nullable BitcodeCodec<?> find(JavaType type) {
    Map<WireForm, BitcodeVec<?>> vecs = ARRAYS.get(type.raw());
    if (vecs != null) {
      BitcodeVec<?> vec = fitting(type, vecs);
      return type.fixedLength() == JavaType.ANY_LENGTH ? vec : vec.fixed(type.fixedLength());
    }
    Map<WireForm, BitcodeCodec<?>> scalars =
        SCALARS.get(MethodType.methodType(type.raw()).wrap().returnType());
    if (scalars == null) {
      return null;
    }
    if (type.fixedLength() != JavaType.ANY_LENGTH) {
      throw new IllegalArgumentException(misfit(type, FIXED));
    }
    return fitting(type, scalars);
  }

  private static <C> C fitting(JavaType type, Map<WireForm, C> forms) {
    C codec = forms.get(type.form());
    if (codec == null) {
      String fitting =
          new TreeMap<>(forms)
              .keySet().stream().map(WireForm::toString).collect(Collectors.joining(" or "));
      throw new IllegalArgumentException(misfit(type, fitting));
    }
    return codec;
  }

  private static BigInteger unsigned(long bits) {
    BigInteger low = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? low.setBit(Long.SIZE - 1) : low;
  }

  private static long bits(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
      throw new BitcodeException("u64 is %s, expected 0 to 2^64 - 1".formatted(value));
    }
    return value.longValue();
  }

  /** Says that the annotations do not fit. */
  static String misfit(JavaType type, String expected) {
    return "%s does not fit %s, expected %s"
        .formatted(type.annotations(), type.raw().getTypeName(), expected);
  }
}
