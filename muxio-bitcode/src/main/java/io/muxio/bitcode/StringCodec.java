package io.muxio.bitcode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** {@code String}: the column of the lengths in bytes, then the UTF-8 of all strings. */
final class StringCodec extends LeafCodec<String> {
  private static final Comparator<String> CODE_POINT_ORDER = StringCodec::compare;

  StringCodec() {
    super("String", CODE_POINT_ORDER);
  }

  @Override
  ColumnWriter<String> newWriter() {
    return new Writer();
  }

  @Override
  ColumnReader<String> newReader() {
    return new Reader();
  }

  /** Compares by code point, which is the order of the UTF-8 bytes but not of UTF-16. */
  private static int compare(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        return rank(left) - rank(right);
      }
    }
    return a.length() - b.length();
  }

  /** Moves the surrogates above all other characters. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x1_0000 : unit;
  }

  private static final class Writer extends ColumnWriter<String> {
    private final LengthWriter lengths = new LengthWriter();
    private final Utf8Column text = new Utf8Column();

    @Override
    void add(String value) {
      lengths.add(text.add(value));
    }

    @Override
    void expect(int more) {
      lengths.expect(more);
    }

    @Override
    void flush(Output out) {
      lengths.flush(out);
      text.flush(out);
    }
  }

  private static final class Reader extends ColumnReader<String> {
    private final LengthReader lengths = new LengthReader();
    private byte[] text = GrowingBytes.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      long total = lengths.load(in, count);
      text = in.bytes(in.admit(total, ElementCost.FREE));
    }

    @Override
    String next() {
      int length = lengths.next();
      String value = new String(text, next, length, StandardCharsets.UTF_8);
      // The constructor puts U+FFFD for what is malformed; look closer only if there is one.
      if (value.indexOf('\uFFFD') >= 0) {
        requireWellFormed(length);
      }
      next += length;
      return value;
    }

    private void requireWellFormed(int length) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, next, length));
      } catch (CharacterCodingException e) {
        throw new BitcodeException("malformed text, expected UTF-8", e);
      }
    }
  }
}
