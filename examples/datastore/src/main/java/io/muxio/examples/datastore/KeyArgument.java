package io.muxio.examples.datastore;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The key that a command works on, its first argument. */
final class KeyArgument {
  @Parameters(
      index = "0",
      paramLabel = "KEY",
      converter = KeyConverter.class,
      description = "the key, as text in UTF-8, or in hex such as 0x6b6579")
  private Key key;

  byte[] bytes() {
    return key.bytes();
  }

  /** Text, or bytes in hex, as error texts show them. */
  static final class KeyConverter implements ITypeConverter<Key> {
    private static final Pattern HEX = Pattern.compile("0x(?:[0-9a-fA-F]{2})*");

    /** What the JVM makes of a character that the locale does not have. */
    private static final char REPLACEMENT = '\uFFFD';

    @Override
    public Key convert(String value) {
      if (HEX.matcher(value).matches()) {
        return new Key(HexFormat.of().parseHex(value.substring(2)));
      }
      if (value.indexOf(REPLACEMENT) >= 0) {
        throw new TypeConversionException(
            "the locale cannot represent this key (expected: LC_ALL=C.UTF-8, or the key in hex)");
      }
      return new Key(value.getBytes(StandardCharsets.UTF_8));
    }
  }
}
