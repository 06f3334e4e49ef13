package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent") // Only encoded and decoded.
class DerivationTest {
  record Row(@U16 int id, String name) {}

  record Page<T>(List<T> items, Optional<T> next) {}

  record Book(Page<Row> rows, Page<@U8 Integer> bytes) {}

  sealed interface Either<L, R> {
    record Left<L, R>(L value) implements Either<L, R> {}

    record Right<R, L>(R value) implements Either<L, R> {}

    record Neither<L, R>() implements Either<L, R> {}
  }

  record Choice(List<Either<@U8 Integer, String>> choices) {}

  enum Reordered {
    @VariantIndex(2)
    LAST,
    @VariantIndex(0)
    FIRST,
    @VariantIndex(1)
    MIDDLE
  }

  sealed interface Moved {
    @VariantIndex(1)
    record One(byte value) implements Moved {}

    @VariantIndex(0)
    record Zero() implements Moved {}
  }

  sealed interface Permitted permits Second, First {}

  record First() implements Permitted {}

  record Second() implements Permitted {}

  record Numbers(long a, double b) {}

  record Letters(char letter, char[] more, @FixedLength(2) char[] two, Character boxed) {}

  record Bits(boolean a, byte b, short c, int d, long e, float f, double g, char h) {}

  record Times(Instant at, UUID id, List<Instant> more) {}

  record Positive(@U8 int number) {
    Positive {
      if (number == 0) {
        throw new IllegalArgumentException("zero");
      }
    }
  }

  record Outer(List<Positive> numbers) {}

  @SuppressWarnings("unused") // Read by reflection.
  interface Service {
    @U8
    int length(@U8 int number, List<@U16 Integer> numbers, Map<String, byte[]> blobs);

    void nothing();

    Result<Unit, String> attempt();

    @U8
    byte[] explicit(@I8 byte number, @I128 BigInteger wide);
  }

  @Test
  void genericRecords() {
    BitcodeCodec<Book> codec = Bitcode.codec(Book.class);
    assertThat(codec)
        .hasToString(
            "struct{rows:struct{items:Vec<struct{id:u16,name:String}>,"
                + "next:Option<struct{id:u16,name:String}>},"
                + "bytes:struct{items:Vec<u8>,next:Option<u8>}}");
    Row row = new Row(300, "x");
    Book book =
        new Book(
            new Page<>(List.of(row), Optional.empty()), new Page<>(List.of(255), Optional.of(1)));
    assertThat(codec.decode(codec.encode(book))).isEqualTo(book);
  }

  @Test
  void genericSealedInterfaces() {
    BitcodeCodec<Choice> codec = Bitcode.codec(Choice.class);
    assertThat(codec)
        .hasToString("struct{choices:Vec<enum{Left{value:u8},Right{value:String},Neither}>}");
    Choice choice =
        new Choice(
            List.of(new Either.Right<>("r"), new Either.Left<>(200), new Either.Neither<>()));
    assertThat(codec.decode(codec.encode(choice))).isEqualTo(choice);
  }

  @Test
  void variantsByAnnotation() {
    assertThat(Bitcode.codec(Reordered.class)).hasToString("enum{FIRST,MIDDLE,LAST}");
    assertThat(Bitcode.codec(Reordered.class).encode(Reordered.LAST)).containsExactly(2);
    assertThat(Bitcode.codec(Reordered.class).decode(new byte[1])).isEqualTo(Reordered.FIRST);
    assertThat(
            Bitcode.sortedSet(Bitcode.codec(Reordered.class))
                .encode(new TreeSet<>(List.of(Reordered.LAST, Reordered.FIRST))))
        .containsExactly(2, 2 * 3);
    assertThat(Bitcode.codec(Moved.class).encode(new Moved.One((byte) 7))).containsExactly(1, 7);
    assertThat(Bitcode.codec(Moved.class).decode(new byte[1])).isEqualTo(new Moved.Zero());
  }

  @Test
  void variantsInTheOrderOfPermits() {
    assertThat(Bitcode.codec(Permitted.class)).hasToString("enum{Second,First}");
  }

  @Test
  void numbersAreNotBoxed() {
    BitcodeCodec<List<Numbers>> codec = Bitcode.list(Bitcode.codec(Numbers.class));
    int count = 10_000;
    List<Numbers> values =
        IntStream.range(0, count).mapToObj(i -> new Numbers(i * 10_000_000_000L, i / 3.0)).toList();
    byte[] message = codec.encode(values);
    assertThat(codec.decode(message)).isEqualTo(values);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    List<Numbers> decoded = codec.decode(message);
    long perRecord = (memory.getCurrentThreadAllocatedBytes() - before) / decoded.size();
    // A record, a reference to it and two numbers in the columns; two boxes would be 32 or more.
    assertThat(perRecord).isLessThan(32 + 8 + 2 * Long.BYTES + 16);
  }

  @Test
  void everyPrimitiveKeepsItsBits() {
    BitcodeCodec<Bits> codec = Bitcode.codec(Bits.class);
    float oddNan = Float.intBitsToFloat(0x7f80_0001);
    double oddDouble = Double.longBitsToDouble(0x7ff0_0000_0000_0001L);
    Bits low = new Bits(true, (byte) -128, (short) -1, -2, -3, oddNan, oddDouble, '\uffff');
    Bits high = new Bits(false, (byte) 127, (short) 1, 2, 3, -0.0f, -0.0, 'a');
    for (Bits bits : List.of(low, high)) {
      Bits decoded = codec.decode(codec.encode(bits));
      assertThat(decoded).isEqualTo(bits);
      assertThat(Float.floatToRawIntBits(decoded.f())).isEqualTo(Float.floatToRawIntBits(bits.f()));
      assertThat(Double.doubleToRawLongBits(decoded.g()))
          .isEqualTo(Double.doubleToRawLongBits(bits.g()));
    }
    assertThat(codec).hasToString("struct{a:bool,b:i8,c:i16,d:i32,e:i64,f:f32,g:f64,h:char}");
  }

  @Test
  void charactersBeyondAJavaChar() {
    BitcodeCodec<Letters> codec = Bitcode.codec(Letters.class);
    assertThat(codec).hasToString("struct{letter:char,more:Vec<char>,two:[char;2],boxed:char}");
    Letters letters = new Letters('a', new char[] {'b'}, new char[] {'c', 'd'}, 'e');
    byte[] message = codec.encode(letters);
    assertThat(HexFormat.of().formatHex(message)).isEqualTo("0461010462046364" + "0465");
    Letters decoded = codec.decode(message);
    assertThat(decoded.more()).containsExactly('b');
    assertThat(decoded.two()).containsExactly('c', 'd');
    assertThatThrownBy(() -> codec.decode(HexFormat.of().parseHex("0000f60100")))
        .isInstanceOf(BitcodeException.class)
        .hasMessage(
            "letter: char is 128512, expected 0 to 65535 without surrogates,"
                + " or a Java type with room for it: int with @CodePoint");
    Letters lone = new Letters('a', new char[] {'\ud800'}, new char[2], 'e');
    assertThatThrownBy(() -> codec.encode(lone))
        .isInstanceOf(BitcodeException.class)
        .hasMessageStartingWith("more: char is 55296, expected 0 to 65535 without surrogates");
  }

  @Test
  void typesOfMethods() throws Exception {
    Method length = Service.class.getMethod("length", int.class, List.class, Map.class);
    assertThat(Bitcode.codec(length.getAnnotatedReturnType())).hasToString("u8");
    assertThat(length.getAnnotatedParameterTypes())
        .extracting(type -> Bitcode.codec(type).toString())
        .containsExactly("u8", "Vec<u16>", "HashMap<String,Vec<u8>>");
    assertThat(Bitcode.codec(length.getGenericParameterTypes()[1])).hasToString("Vec<i32>");
    Method explicit = Service.class.getMethod("explicit", byte.class, BigInteger.class);
    assertThat(Bitcode.codec(explicit.getAnnotatedReturnType())).hasToString("Vec<u8>");
    assertThat(explicit.getAnnotatedParameterTypes())
        .extracting(type -> Bitcode.codec(type).toString())
        .containsExactly("i8", "i128");
    assertThat(Bitcode.codec(Service.class.getMethod("attempt").getGenericReturnType()))
        .hasToString("Result<(),String>");
  }

  @Test
  void nothingIsNull() throws Exception {
    BitcodeCodec<?> codec =
        Bitcode.codec(Service.class.getMethod("nothing").getAnnotatedReturnType());
    assertThat(codec).hasToString("()");
    assertThat(codec.decode(new byte[0])).isNull();
    assertThat(Bitcode.codec(Void.class).encode(null)).isEmpty();
    assertThatThrownBy(() -> codec.decode(new byte[1])).isInstanceOf(BitcodeException.class);
  }

  @Test
  void codecsOfYourOwn() {
    BitcodeDerivation derivation =
        BitcodeDerivation.builder()
            .with(Instant.class, Bitcode.i64().map(Instant::ofEpochMilli, Instant::toEpochMilli))
            .with(
                UUID.class,
                Bitcode.bytes().fixed(16).map(DerivationTest::uuid, DerivationTest::bytes))
            .build();
    BitcodeCodec<Times> codec = derivation.codec(Times.class);
    assertThat(codec).hasToString("struct{at:i64,id:[u8;16],more:Vec<i64>}");
    Times times = new Times(Instant.ofEpochMilli(1), new UUID(-1, 2), List.of(Instant.EPOCH));
    assertThat(codec.decode(codec.encode(times))).isEqualTo(times);
    assertThat(derivation.codec(Instant.class).encode(Instant.EPOCH)).containsExactly(6, 0);
  }

  private static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  @Test
  void unsignedLongsAsBigIntegers() throws Exception {
    BitcodeCodec<Object> codec = DerivedTypes.codecs().get("usize");
    BigInteger max = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    assertThat(codec.decode(codec.encode(max))).isEqualTo(max);
    assertThatThrownBy(() -> codec.encode(max.add(BigInteger.ONE)))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("u64 is 18446744073709551616, expected 0 to 2^64 - 1");
    assertThatThrownBy(() -> codec.encode(BigInteger.ONE.negate()))
        .isInstanceOf(BitcodeException.class);
  }

  @Test
  void pathsLeadToTheComponent() {
    BitcodeCodec<Book> book = Bitcode.codec(Book.class);
    Page<Row> rows = new Page<>(List.of(new Row(1, "a"), new Row(70_000, "b")), Optional.empty());
    assertThatThrownBy(() -> book.encode(new Book(rows, new Page<>(List.of(), Optional.empty()))))
        .isInstanceOfSatisfying(
            BitcodeException.class, e -> assertThat(e.path()).isEqualTo("rows.items[1].id"))
        .hasMessage("rows.items[1].id: u16 is 70000, expected 0 to 65535");
    Page<Row> unnamed = new Page<>(List.of(new Row(1, null)), Optional.empty());
    assertThatThrownBy(
            () -> book.encode(new Book(unnamed, new Page<>(List.of(), Optional.empty()))))
        .hasMessage("rows.items[0].name: null, expected a value");
    assertThatThrownBy(() -> book.decode(HexFormat.of().parseHex("020107")))
        .isInstanceOf(BitcodeException.class)
        .hasMessageStartingWith("rows.items[].id: ");
    assertThatThrownBy(() -> book.decode(HexFormat.of().parseHex("01070001ff000000")))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("rows.items[0].name: malformed text, expected UTF-8");
  }

  @Test
  void whatAConstructorThrowsIsReported() {
    assertThatThrownBy(() -> Bitcode.codec(Outer.class).decode(new byte[] {2, 1, 0}))
        .isInstanceOf(BitcodeException.class)
        .hasMessage(
            "numbers[1]: the constructor rejects it: java.lang.IllegalArgumentException: zero");
  }

  @Test
  void sortedByRecords() {
    BitcodeCodec<Row> row = Bitcode.codec(Row.class);
    TreeMap<Row, String> map =
        new TreeMap<>(Comparator.comparing(Row::id).reversed().thenComparing(Row::name));
    map.put(new Row(2, "a"), "second");
    map.put(new Row(1, "b"), "first");
    BitcodeCodec<SortedMap<Row, String>> codec = Bitcode.sortedMap(row, Bitcode.string());
    assertThat(codec.decode(codec.encode(map)).firstKey()).isEqualTo(new Row(1, "b"));
  }
}
