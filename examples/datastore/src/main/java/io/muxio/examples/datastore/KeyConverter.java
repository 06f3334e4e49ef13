package io.muxio.examples.datastore;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A key on the command line: text, or bytes in hex, as error texts show them. */
final class KeyConverter implements ITypeConverter<Key> {
  static final String DESCRIPTION = "the key, as text in UTF-8, or in hex such as 0x6b6579";

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
