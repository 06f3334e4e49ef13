package io.muxio.rpc.service;

import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.BitcodeDerivation;
import io.muxio.bitcode.Field;
import io.muxio.bitcode.Structs;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Codecs that bitcode derives from types, which services have by default; several parameters are a
 * struct of them in order. Types that bitcode does not know, such as {@code Instant}, and modules
 * that are not open get what they need by a subclass:
 *
 * <pre>{@code
 * public final class ShopCodecs extends BitcodeCodecFactory {
 *   public ShopCodecs() {
 *     super(BitcodeDerivation.builder()
 *         .with(Instant.class, Bitcode.i64().map(Instant::ofEpochMilli, Instant::toEpochMilli))
 *         .lookup(MethodHandles.lookup())
 *         .build());
 *   }
 * }
 *
 * @RpcCodec(ShopCodecs.class)
 * public interface Shop { … }
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public class BitcodeCodecFactory implements CodecFactory {
  private final BitcodeDerivation derivation;

  /** A factory for the types that bitcode knows. */
  public BitcodeCodecFactory() {
    this(BitcodeDerivation.builder().build());
  }

  /**
   * A factory with rules of your own.
   *
   * @param derivation derives the codecs
   */
  public BitcodeCodecFactory(BitcodeDerivation derivation) {
    this.derivation = Objects.requireNonNull(derivation, "derivation");
  }

  @Override
  public final Codec<?> codec(AnnotatedType type) {
    return Codec.bitcode(derivation.codec(type));
  }

  @Override
  public final Codec<Object[]> parameters(List<AnnotatedType> types) {
    List<Field<Object[], ?>> fields = new ArrayList<>(types.size());
    for (int index = 0; index < types.size(); index++) {
      fields.add(parameter(index, types.get(index)));
    }
    return Codec.bitcode(Structs.struct(values -> values, fields));
  }

  private Field<Object[], Object> parameter(int index, AnnotatedType type) {
    @SuppressWarnings("unchecked") // it is given values of its type only
    BitcodeCodec<Object> codec = (BitcodeCodec<Object>) derivation.codec(type);
    return Structs.field("parameter " + (index + 1), values -> values[index], codec);
  }
}
