package io.muxio.bitcode.vectors;

import java.util.ArrayList;
import java.util.List;

/** Composes codecs from the type strings of the vectors. */
public final class TypeParser {
  /** Composed by hand because it keeps the flow information, which Java's class cannot. */
  private static final String SOCKET_V6 = "struct{ip:Ipv6Addr,port:u16,flowinfo:u32,scope_id:u32}";

  private static final String SOCKET_V4 = "struct{ip:Ipv4Addr,port:u16}";

  private static final String SOCKET =
      "enum{V4{ip:Ipv4Addr,port:u16},V6{ip:Ipv6Addr,port:u16,flowinfo:u32,scope_id:u32}}";

  /** Deeper types would be a strain on the stack. */
  private static final int MAX_DEPTH = 100;

  private final String text;
  private boolean bulk;
  private int at;
  private int depth;

  private TypeParser(String text, boolean bulk) {
    this.text = text;
    this.bulk = bulk;
  }

  /**
   * Composes a codec.
   *
   * @param bulk whether lists of primitives become arrays rather than {@code List}s
   * @throws IllegalArgumentException if it is not a type
   */
  public static JsonType<Object> parse(String text, boolean bulk) {
    TypeParser parser = new TypeParser(text, bulk);
    JsonType<?> type = parser.type();
    if (parser.at != text.length()) {
      throw parser.expected("the end");
    }
    return FieldTypes.erased(type);
  }

  private JsonType<?> type() {
    if (++depth > MAX_DEPTH) {
      throw expected("at most " + MAX_DEPTH + " types within each other");
    }
    JsonType<?> type = accept("[") ? array() : accept("(") ? tuple() : word();
    depth--;
    return type;
  }

  private JsonType<?> array() {
    int start = at;
    JsonType<?> element = type();
    String name = text.substring(start, at);
    expect(";");
    int length = Integer.parseInt(name());
    expect("]");
    return CompositeTypes.vec(name, element, bulk, length);
  }

  private JsonType<?> tuple() {
    return accept(")") ? ScalarTypes.of("()") : FieldTypes.tuple(types(")"));
  }

  private JsonType<?> word() {
    String name = name();
    if (name.equals("enum")) {
      expect("{");
      return FieldTypes.variants(variants());
    }
    if (name.equals("struct")) {
      return accept("{")
          ? namedFields()
          : accept("(") ? FieldTypes.tuple(types(")")) : ScalarTypes.of(name);
    }
    return accept("<") ? generic(name) : named(name);
  }

  private JsonType<?> named(String name) {
    return switch (name) {
      case "SocketAddrV4" -> parse(SOCKET_V4, bulk);
      case "SocketAddrV6" -> parse(SOCKET_V6, bulk);
      case "SocketAddr" -> parse(SOCKET, bulk);
      default -> {
        JsonType<?> type = ScalarTypes.of(name);
        if (type == null) {
          throw unknown(name);
        }
        yield type;
      }
    };
  }

  private JsonType<?> generic(String name) {
    return switch (name) {
      case "Box" -> box();
      case "Rc", "Arc" -> closed(type());
      case "Vec", "VecDeque", "LinkedList", "BinaryHeap" -> elements(">");
      case "HashSet" -> CompositeTypes.set(closed(hashed()));
      case "BTreeSet" -> CompositeTypes.sortedSet(closed(type()));
      case "Option" -> CompositeTypes.option(closed(type()));
      case "HashMap" -> CompositeTypes.map(hashed(), second());
      case "BTreeMap" -> CompositeTypes.sortedMap(type(), second());
      case "Result" -> CompositeTypes.result(type(), second());
      default -> throw unknown(name);
    };
  }

  private JsonType<?> box() {
    if (accept("str>")) {
      return ScalarTypes.of("String");
    }
    return accept("[") ? elements("]>") : closed(type());
  }

  private JsonType<?> elements(String end) {
    int start = at;
    JsonType<?> element = type();
    String name = text.substring(start, at);
    expect(end);
    return CompositeTypes.vec(name, element, bulk, -1);
  }

  /** What is told apart by its hash code, as arrays are not. */
  private JsonType<?> hashed() {
    boolean outside = bulk;
    bulk = false;
    JsonType<?> type = type();
    bulk = outside;
    return type;
  }

  private JsonType<?> second() {
    expect(",");
    return closed(type());
  }

  private JsonType<?> closed(JsonType<?> type) {
    expect(">");
    return type;
  }

  private List<JsonType<Object>> types(String end) {
    List<JsonType<Object>> types = new ArrayList<>();
    while (!accept(end)) {
      types.add(FieldTypes.erased(type()));
      separate(end);
    }
    return types;
  }

  /** The fields up to and including the brace. */
  private JsonType<List<Object>> namedFields() {
    List<FieldTypes.NamedField> fields = new ArrayList<>();
    while (!accept("}")) {
      String name = name();
      expect(":");
      fields.add(new FieldTypes.NamedField(name, FieldTypes.erased(type())));
      separate("}");
    }
    return FieldTypes.struct(fields);
  }

  private List<FieldTypes.NamedVariant> variants() {
    List<FieldTypes.NamedVariant> variants = new ArrayList<>();
    while (!accept("}")) {
      String name = name();
      JsonType<List<Object>> fields =
          accept("{")
              ? namedFields()
              : accept("(") ? FieldTypes.tuple(types(")")) : FieldTypes.noFields();
      variants.add(new FieldTypes.NamedVariant(name, fields));
      separate("}");
    }
    return variants;
  }

  private String name() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at == start) {
      throw expected("a name or a number");
    }
    return text.substring(start, at);
  }

  private void separate(String end) {
    if (!text.startsWith(end, at)) {
      expect(",");
    }
  }

  private boolean accept(String token) {
    boolean here = text.startsWith(token, at);
    at += here ? token.length() : 0;
    return here;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw expected(token);
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(
        "type " + Json.abbreviated(text) + " at " + at + ": expected " + what);
  }

  private IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "type " + Json.abbreviated(text) + ": unknown name " + Json.abbreviated(name));
  }
}
