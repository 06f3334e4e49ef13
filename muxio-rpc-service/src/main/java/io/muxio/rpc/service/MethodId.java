package io.muxio.rpc.service;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** The number that stands for a method on the wire: XXH3-64, seed 0, of its name in UTF-8. */
public final class MethodId {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();

  private MethodId() {}

  /**
   * The id of a name.
   *
   * @param name the method's name, such as {@code math.add}
   * @return the id, an unsigned number
   */
  public static long of(String name) {
    return XXH3.hashBytesToLong(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The name of a method to be. */
  static String checkName(String name) {
    if (Objects.requireNonNull(name, "name").isEmpty()) {
      throw new IllegalArgumentException("method name: empty (expected: such as math.add)");
    }
    return name;
  }

  /**
   * An id as messages and logs show it.
   *
   * @param id an unsigned number
   * @return {@code 0x} and 16 hexadecimal digits
   */
  public static String toString(long id) {
    return "0x" + HexFormat.of().toHexDigits(id);
  }
}
