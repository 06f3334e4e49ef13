package io.muxio.bitcode.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.BitcodeException;
import io.muxio.bitcode.DerivedTypes;
import io.muxio.bitcode.Shapes;
import io.muxio.bitcode.vectors.TypeParser;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as a message of one of many types: a value or a BitcodeException, for little memory.
 */
class BitcodeFuzzTest {
  /** A bit can become an element of a list: a reference, and an object of some size. */
  private static final long BYTES_PER_BYTE = 400;

  /** The readers, the exception with its stack trace, and what the fuzzer needs for itself. */
  private static final long BYTES_PER_MESSAGE = 64 * 1024;

  /** The first runs load and instrument classes. */
  private static final int WARM_UP = 10_000;

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<BitcodeCodec<Object>> TYPES = composed(false);

  private static final List<BitcodeCodec<Object>> BULK_TYPES = composed(true);

  private static final List<BitcodeCodec<Object>> DERIVED_TYPES =
      Shapes.all().map(DerivedTypes.codecs()::get).toList();

  private static int runs;

  @FuzzTest(maxDuration = "30s")
  void anyBytes(byte[] data) {
    if (data.length == 0) {
      return;
    }
    int type = Byte.toUnsignedInt(data[0]) % TYPES.size();
    byte[] message = Arrays.copyOfRange(data, 1, data.length);
    boolean taken = decodes(TYPES.get(type), message);
    if (decodes(BULK_TYPES.get(type), message) != taken) {
      throw new AssertionError("lists and arrays differ");
    }
    if (decodes(DERIVED_TYPES.get(type), message) != taken) {
      throw new AssertionError("what was derived and what was composed differ");
    }
  }

  private static List<BitcodeCodec<Object>> composed(boolean bulk) {
    return Shapes.all().map(shape -> TypeParser.parse(shape, bulk).codec()).toList();
  }

  private static boolean decodes(BitcodeCodec<Object> type, byte[] message) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    Object value = null;
    BitcodeException refused = null;
    try {
      value = type.decode(message);
    } catch (BitcodeException e) {
      refused = e;
    }
    long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
    if (runs++ > WARM_UP && allocated > BYTES_PER_MESSAGE + BYTES_PER_BYTE * message.length) {
      throw new AssertionError(allocated + " bytes allocated for " + message.length);
    }
    if (refused == null) {
      checkRoundTrip(type, value);
      return true;
    }
    Throwable cause = refused.getCause();
    if (cause != null && !(cause instanceof CharacterCodingException)) {
      throw new AssertionError("a mistake of ours, wrapped as if it were the peer's", cause);
    }
    return false;
  }

  private static void checkRoundTrip(BitcodeCodec<Object> type, Object value) {
    byte[] canonical = type.encode(value);
    byte[] again = type.encode(type.decode(canonical));
    if (!Arrays.equals(canonical, again)) {
      throw new AssertionError("encoded, decoded and encoded again it is something else");
    }
  }
}
