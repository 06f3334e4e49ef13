package io.muxio.rpc.service;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.CallHeaders;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What travels beside a call or an answer: names and values, for those who serve all calls alike,
 * such as interceptors that trace, authorize or bill. Immutable.
 *
 * <pre>{@code
 * CallOptions options = CallOptions.DEFAULT.withMetadata(Metadata.of("tenant", "acme"));
 *
 * String tenant = call.metadata().get("tenant");      // in the handler
 * }</pre>
 *
 * <p>Names have 1 to 255 letters of a-z, 0-9, '-', '_' and '.'; capitals are made small ones. A
 * name can have several values, which stay in their order. A value is bytes, which a text is in
 * UTF-8. All of a call's or an answer's entries together are {@link #size()} bytes, of which the
 * peer takes its {@code maxMetadataSize}, 8,192 by default.
 *
 * <p>Published peers, which do not speak the extension muxio.x1, get no metadata and send none.
 * Calls that a handler makes have none of the call that it serves, unless it is given to them.
 */
public final class Metadata implements Serializable {
  /** Nothing. */
  public static final Metadata EMPTY = new Metadata(new byte[0]);

  /** Where a call belongs in a trace, as the W3C recommendation Trace Context has it. */
  public static final String TRACEPARENT = "traceparent";

  /** What tracing systems add to {@link #TRACEPARENT}, in the same recommendation. */
  public static final String TRACESTATE = "tracestate";

  /** The longest name. */
  private static final int MAX_NAME = 255;

  @Serial private static final long serialVersionUID = 1;

  /** Each a name's length (u8), the name, the value's length (u16) and the value. */
  private final byte[] entries;

  private Metadata(byte[] entries) {
    this.entries = entries;
  }

  /**
   * One entry.
   *
   * @param name see {@link Metadata}
   * @param value the text
   * @return the metadata
   * @throws IllegalArgumentException see {@link #with(String, byte[])}
   */
  public static Metadata of(String name, String value) {
    return EMPTY.with(name, value);
  }

  /**
   * What a peer has sent.
   *
   * @param entries as {@link #encode} gives them and the core has checked them; not to be changed
   * @return the metadata
   */
  public static Metadata decode(byte[] entries) {
    return entries.length == 0 ? EMPTY : new Metadata(entries);
  }

  /**
   * The entries as they travel, see docs/protocol.md, 12.5.
   *
   * @return not a copy, and not to be changed
   */
  public byte[] encode() {
    return entries;
  }

  /**
   * The same with one more entry, behind those that there are.
   *
   * @param name see {@link Metadata}
   * @param value the text
   * @return new metadata
   * @throws IllegalArgumentException see {@link #with(String, byte[])}
   */
  public Metadata with(String name, String value) {
    return with(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The same with one more entry, behind those that there are.
   *
   * @param name see {@link Metadata}
   * @param value copied
   * @return new metadata
   * @throws IllegalArgumentException where the name is none, or all entries together are more than
   *     65,535 bytes
   */
  public Metadata with(String name, byte[] value) {
    byte[] letters = lettersOf(name);
    byte[] longer = longerBy(1 + letters.length + Short.BYTES + value.length);
    int at = entries.length;
    longer[at++] = (byte) letters.length;
    System.arraycopy(letters, 0, longer, at, letters.length);
    at += letters.length;
    longer[at++] = (byte) value.length;
    longer[at++] = (byte) (value.length >>> 8);
    System.arraycopy(value, 0, longer, at, value.length);
    return new Metadata(longer);
  }

  /**
   * These entries, and others behind them.
   *
   * @param others the other ones
   * @return the metadata
   * @throws IllegalArgumentException where they are more than 65,535 bytes together
   */
  public Metadata and(Metadata others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    byte[] longer = longerBy(others.entries.length);
    System.arraycopy(others.entries, 0, longer, entries.length, others.entries.length);
    return new Metadata(longer);
  }

  private byte[] longerBy(int bytes) {
    int size = entries.length + bytes;
    if (size > CoreLimits.MAX_METADATA_SIZE) {
      throw new IllegalArgumentException(
          "metadata: " + size + " bytes (expected: at most " + CoreLimits.MAX_METADATA_SIZE + ")");
    }
    return Arrays.copyOf(entries, size);
  }

  /**
   * The same without the entries of a name, for instance to put another in their place.
   *
   * @param name see {@link Metadata}
   * @return the metadata
   * @throws IllegalArgumentException where the name is none
   */
  public Metadata without(String name) {
    byte[] letters = lettersOf(name);
    byte[] left = new byte[entries.length];
    int size = 0;
    for (Entry next = first(); next != null; next = next.next()) {
      if (!next.isNamed(letters)) {
        System.arraycopy(entries, next.start, left, size, next.end - next.start);
        size += next.end - next.start;
      }
    }
    return size == entries.length ? this : decode(Arrays.copyOf(left, size));
  }

  /**
   * The first value of a name as text.
   *
   * @param name see {@link Metadata}
   * @return the text, in which bytes that are no UTF-8 are replaced; null where there is no value
   * @throws IllegalArgumentException where the name is none
   */
  public @Nullable String get(String name) {
    byte[] value = getBytes(name);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /**
   * The first value of a name.
   *
   * @param name see {@link Metadata}
   * @return a copy; null where there is no value
   * @throws IllegalArgumentException where the name is none
   */
  public byte @Nullable [] getBytes(String name) {
    byte[] letters = lettersOf(name);
    for (Entry next = first(); next != null; next = next.next()) {
      if (next.isNamed(letters)) {
        return next.value();
      }
    }
    return null;
  }

  /**
   * All values of a name as texts.
   *
   * @param name see {@link Metadata}
   * @return as {@link #get} has them, in their order; unmodifiable
   * @throws IllegalArgumentException where the name is none
   */
  public List<String> getAll(String name) {
    byte[] letters = lettersOf(name);
    List<String> values = new ArrayList<>(1);
    for (Entry next = first(); next != null; next = next.next()) {
      if (next.isNamed(letters)) {
        values.add(new String(next.value(), StandardCharsets.UTF_8));
      }
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * Which names have values.
   *
   * @return each once, in their order; unmodifiable
   */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Entry next = first(); next != null; next = next.next()) {
      names.add(next.name());
    }
    return Collections.unmodifiableSet(names);
  }

  /**
   * Whether there is nothing.
   *
   * @return true without any entry
   */
  public boolean isEmpty() {
    return entries.length == 0;
  }

  /**
   * What the entries take on the wire.
   *
   * @return bytes, 0 to 65,535: of each entry its name, its value and 3
   */
  public int size() {
    return entries.length;
  }

  private @Nullable Entry first() {
    return entries.length == 0 ? null : new Entry(0);
  }

  private static byte[] lettersOf(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    boolean fits = !small.isEmpty() && small.length() <= MAX_NAME;
    if (!fits || !small.chars().allMatch(CallHeaders::isOfName)) {
      throw new IllegalArgumentException(
          "name of metadata: '"
              + name
              + "' (expected: 1 to "
              + MAX_NAME
              + " letters of a-z, 0-9, '-', '_' and '.')");
    }
    return small.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Metadata same && Arrays.equals(entries, same.entries);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(entries);
  }

  /**
   * For logs: the names without their values, which may be secret.
   *
   * @return the names
   */
  @Override
  public String toString() {
    return "Metadata" + names();
  }

  /** Where one entry is. */
  private final class Entry {
    private final int start;
    private final int nameEnd;
    private final int end;

    Entry(int start) {
      this.start = start;
      this.nameEnd = start + 1 + Byte.toUnsignedInt(entries[start]);
      int low = Byte.toUnsignedInt(entries[nameEnd]);
      int high = Byte.toUnsignedInt(entries[nameEnd + 1]);
      this.end = nameEnd + Short.BYTES + (high << 8 | low);
    }

    @Nullable Entry next() {
      return end == entries.length ? null : new Entry(end);
    }

    boolean isNamed(byte[] letters) {
      return Arrays.equals(entries, start + 1, nameEnd, letters, 0, letters.length);
    }

    String name() {
      return new String(entries, start + 1, nameEnd - start - 1, StandardCharsets.US_ASCII);
    }

    byte[] value() {
      return Arrays.copyOfRange(entries, nameEnd + Short.BYTES, end);
    }
  }
}
