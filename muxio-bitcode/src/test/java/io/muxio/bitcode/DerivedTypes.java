package io.muxio.bitcode;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Java types for the Rust types of the vectors. */
@SuppressWarnings("ArrayRecordComponent") // Only encoded and decoded.
public final class DerivedTypes {
  private DerivedTypes() {}

  /** The derived codecs by the Rust types. */
  public static Map<String, BitcodeCodec<Object>> codecs() {
    return Arrays.stream(Types.class.getDeclaredMethods())
        .collect(
            Collectors.toMap(
                method -> method.getAnnotation(Rust.class).value(),
                DerivedTypes::codec,
                (a, b) -> a,
                TreeMap::new));
  }

  @SuppressWarnings("unchecked") // The tests only hand values from decoding to encoding.
  private static BitcodeCodec<Object> codec(Method method) {
    return (BitcodeCodec<Object>) Bitcode.codec(method.getAnnotatedReturnType());
  }

  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Rust {
    String value();
  }

  enum Three {
    A,
    B,
    C
  }

  enum Four {
    A,
    B,
    C,
    D
  }

  enum Five {
    A,
    B,
    C,
    D,
    E
  }

  enum Empty {}

  record Nothing() {}

  record Tuple<A, B>(A first, B second) {}

  record Triple<A, B, C>(A first, B second, C third) {}

  record Entry(byte[] key, byte[] value) {}

  record Wide(@U8 int a, @U16 int b, @U32 long c, @U64 long d, @U128 BigInteger e, byte f) {}

  record Sixteen(
      @U8 int a,
      @U16 int b,
      @U32 long c,
      @U64 long d,
      byte e,
      short f,
      int g,
      long h,
      boolean i,
      @CodePoint int j,
      float k,
      double l,
      String m,
      byte[] n,
      Optional<@U8 Integer> o,
      @U128 BigInteger p) {}

  record Person(String name, @U8 int age, Optional<String> mail, List<String> tags) {}

  record Series(@U32 long a, double[] b) {}

  record Nested(@U64 long id, Person inner, List<Series> more) {}

  record Deep(List<List<@U16 int[]>> v, SortedMap<String, List<Optional<Integer>>> m) {}

  record Entries(List<Entry> entries) {}

  record Failure(Status code, String message) {}

  enum Status {
    Fail,
    System,
    NotFound
  }

  record Flags(boolean flag, Three c, @CodePoint int ch, float f, Nothing z) {}

  record Point(float x, float y, float z) {}

  record Key(@U8 int ns, String name) {}

  sealed interface Small {
    record A() implements Small {}

    record B(@U8 int value) implements Small {}

    record C(@U32 long x) implements Small {}
  }

  sealed interface Seven {
    record A(@U8 int value) implements Seven {}

    record B(@U16 int value) implements Seven {}

    record C(@U32 long value) implements Seven {}

    record D(@U64 long value) implements Seven {}

    record E(byte value) implements Seven {}

    record F(int value) implements Seven {}

    record G(String s, short[] v) implements Seven {}
  }

  sealed interface Command {
    record Put(String key, byte[] val) implements Command {}

    record Get(String key) implements Command {}

    record Del(String key) implements Command {}

    record Scan(Optional<String> from, @U32 long limit) implements Command {}

    record Ping() implements Command {}
  }

  record Sum(Small e, List<Small> l, Optional<Small> o) {}

  /** What the codecs are derived from. */
  @SuppressWarnings("unused") // Read by reflection.
  interface Types {
    @Rust("bool")
    boolean bool();

    @Rust("u8")
    @U8
    int u8();

    @Rust("u16")
    @U16
    Integer u16();

    @Rust("u32")
    @U32
    long u32();

    @Rust("u64")
    @U64
    long u64();

    @Rust("usize")
    @U64
    BigInteger usize();

    @Rust("u128")
    @U128
    BigInteger u128();

    @Rust("i8")
    byte i8();

    @Rust("i16")
    Short i16();

    @Rust("i32")
    int i32();

    @Rust("i64")
    Long i64();

    @Rust("i128")
    BigInteger i128();

    @Rust("f32")
    float f32();

    @Rust("f64")
    double f64();

    @Rust("char")
    @CodePoint
    int character();

    @Rust("String")
    String string();

    @Rust("()")
    Unit unit();

    @Rust("struct")
    Nothing nothing();

    @Rust("Duration")
    Duration duration();

    @Rust("Vec<Duration>")
    List<Duration> durations();

    @Rust("Vec<IpAddr>")
    List<InetAddress> addresses();

    @Rust("Vec<bool>")
    boolean[] booleans();

    @Rust("Vec<u8>")
    byte[] bytes();

    @Rust("Vec<i8>")
    @I8
    byte[] signedBytes();

    @Rust("Vec<u16>")
    @U16
    int[] u16s();

    @Rust("Vec<i16>")
    short[] shorts();

    @Rust("Vec<u32>")
    @U32
    long[] u32s();

    @Rust("Vec<i32>")
    int[] ints();

    @Rust("Vec<u64>")
    @U64
    long[] u64s();

    @Rust("Vec<i64>")
    long[] longs();

    @Rust("Vec<u128>")
    List<@U128 BigInteger> u128s();

    @Rust("Vec<i128>")
    List<@I128 BigInteger> i128s();

    @Rust("Vec<f32>")
    float[] floats();

    @Rust("Vec<f64>")
    double[] doubles();

    @Rust("Vec<char>")
    @CodePoint
    int[] characters();

    @Rust("Vec<()>")
    List<Unit> units();

    @Rust("Vec<Vec<u32>>")
    List<@U32 long[]> lists();

    @Rust("Vec<Vec<String>>")
    List<List<String>> texts();

    @Rust("Vec<Vec<()>>")
    List<List<Unit>> unitLists();

    @Rust("[u8;16]")
    @FixedLength(16)
    byte[] key();

    @Rust("[u16;4]")
    @U16
    int @FixedLength(4) [] four();

    @Rust("[bool;9]")
    @FixedLength(9)
    boolean[] nine();

    @Rust("[[u8;2];3]")
    @FixedLength(3)
    List<@FixedLength(2) byte[]> matrix();

    @Rust("Vec<[u8;3]>")
    List<@FixedLength(3) byte[]> colours();

    @Rust("[char;4]")
    @CodePoint
    @FixedLength(4)
    int[] fourCharacters();

    @Rust("BTreeSet<String>")
    SortedSet<String> sorted();

    @Rust("HashSet<u32>")
    Set<@U32 Long> hashed();

    @Rust("BTreeMap<u32,Vec<u8>>")
    SortedMap<@U32 Long, byte[]> sortedMap();

    @Rust("BTreeMap<String,BTreeMap<u8,bool>>")
    SortedMap<String, SortedMap<@U8 Integer, Boolean>> sortedMaps();

    @Rust("HashMap<u16,String>")
    Map<@U16 Integer, String> map();

    @Rust("HashMap<String,Vec<u8>>")
    Map<String, byte[]> blobs();

    @Rust("BTreeMap<struct{ns:u8,name:String},struct{a:u32,b:Vec<f64>}>")
    SortedMap<Key, Series> byKey();

    @Rust("BTreeMap<enum{A,B(u8),C{x:u32}},u8>")
    SortedMap<Small, @U8 Integer> bySmall();

    @Rust("Option<Option<Option<bool>>>")
    Optional<Optional<Optional<Boolean>>> options();

    @Rust("Vec<Option<u8>>")
    List<Optional<@U8 Integer>> optionList();

    @Rust("Vec<Option<String>>")
    List<Optional<String>> optionTexts();

    @Rust("Vec<Result<String,i64>>")
    List<Result<String, Long>> results();

    @Rust("Result<(),String>")
    Result<Unit, String> result();

    @Rust("(u8,bool,String)")
    Triple<@U8 Integer, Boolean, String> triple();

    @Rust("Vec<((u8,i8),[u16;2])>")
    List<Tuple<Tuple<@U8 Integer, Byte>, @U16 int @FixedLength(2) []>> tuples();

    @Rust("(u8,u16,u32,u64,u128,i8)")
    Wide wide();

    @Rust("(u8,u16,u32,u64,i8,i16,i32,i64,bool,char,f32,f64,String,Vec<u8>,Option<u8>,u128)")
    Sixteen sixteen();

    @Rust("Vec<enum{A,B,C}>")
    List<Three> threes();

    @Rust("BTreeMap<enum{A,B,C,D},u8>")
    SortedMap<Four, @U8 Integer> fours();

    @Rust("Vec<enum{A,B,C,D,E}>")
    List<Five> fives();

    @Rust("Vec<enum{}>")
    List<Empty> empties();

    @Rust("Vec<enum{A,B(u8),C{x:u32}}>")
    List<Small> smalls();

    @Rust("Vec<enum{A(u8),B(u16),C(u32),D(u64),E(i8),F(i32),G{s:String,v:Vec<i16>}}>")
    List<Seven> sevens();

    @Rust(
        "Vec<enum{Put{key:String,val:Vec<u8>},Get(String),Del(String),"
            + "Scan{from:Option<String>,limit:u32},Ping}>")
    List<Command> commands();

    @Rust("Vec<struct{name:String,age:u8,mail:Option<String>,tags:Vec<String>}>")
    List<Person> people();

    @Rust(
        "struct{id:u64,inner:struct{name:String,age:u8,mail:Option<String>,tags:Vec<String>},"
            + "more:Vec<struct{a:u32,b:Vec<f64>}>}")
    Nested nested();

    @Rust(
        "struct{e:enum{A,B(u8),C{x:u32}},l:Vec<enum{A,B(u8),C{x:u32}}>,"
            + "o:Option<enum{A,B(u8),C{x:u32}}>}")
    Sum sum();

    @Rust("struct{v:Vec<Vec<Vec<u16>>>,m:BTreeMap<String,Vec<Option<i32>>>}")
    Deep deep();

    @Rust("struct{entries:Vec<(Vec<u8>,Vec<u8>)>}")
    Entries entries();

    @Rust("struct{code:enum{Fail,System,NotFound},message:String}")
    Failure failure();

    @Rust("Vec<struct{flag:bool,c:enum{A,B,C},ch:char,f:f32,z:struct{}}>")
    List<Flags> flags();

    @Rust("[struct{x:f32,y:f32,z:f32};3]")
    @FixedLength(3)
    List<Point> triangle();
  }
}
