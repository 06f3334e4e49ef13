package io.muxio.bitcode;

import java.util.ArrayList;
import java.util.List;

/** Composes codecs from the type strings of the vectors. */
public final class TypeParser {
  private static final String SOCKET_V4 = "struct{ip:Ipv4Addr,port:u16}";

  /** Composed by hand because it keeps the flow information, which Java's class cannot. */
  private static final String SOCKET_V6 = "struct{ip:Ipv6Addr,port:u16,flowinfo:u32,scope_id:u32}";

  private static final String SOCKET =
      "enum{V4{ip:Ipv4Addr,port:u16},V6{ip:Ipv6Addr,port:u16,flowinfo:u32,scope_id:u32}}";

  private final String text;
  private final boolean bulk;
  private int at;

  private TypeParser(String text, boolean bulk) {
    this.text = text;
    this.bulk = bulk;
  }

  /**
   * Composes a codec.
   *
   * @param bulk whether lists of primitives become arrays rather than {@code List}s
   */
  public static JsonType<?> parse(String text, boolean bulk) {
    TypeParser parser = new TypeParser(text, bulk);
    JsonType<?> type = parser.type();
    if (parser.at != text.length()) {
      throw new AssertionError("rest of a type: " + text.substring(parser.at));
    }
    return type;
  }

  private JsonType<?> type() {
    if (accept("[")) {
      int start = at;
      JsonType<?> element = type();
      String name = text.substring(start, at);
      expect(";");
      int length = Integer.parseInt(word());
      expect("]");
      return CompositeTypes.vec(name, element, bulk, length);
    }
    if (accept("()")) {
      return ScalarTypes.of("()");
    }
    if (accept("(")) {
      return CompositeTypes.tuple(types(")"));
    }
    String name = word();
    if (accept("{")) {
      return name.equals("enum") ? CompositeTypes.variants(variants()) : namedFields();
    }
    if (accept("(")) {
      return CompositeTypes.tuple(types(")"));
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
          throw new AssertionError("unknown type " + name);
        }
        yield type;
      }
    };
  }

  private JsonType<?> generic(String name) {
    if (name.equals("Box") && accept("str>")) {
      return ScalarTypes.of("String");
    }
    boolean slice = name.equals("Box") && accept("[");
    int start = at;
    JsonType<?> first = type();
    String element = text.substring(start, at);
    if (slice) {
      expect("]");
    }
    List<JsonType<?>> rest = accept(",") ? types(">") : closed();
    if (slice) {
      return CompositeTypes.vec(element, first, bulk, -1);
    }
    return switch (name) {
      case "Box", "Rc", "Arc" -> first;
      case "Vec", "VecDeque", "LinkedList", "BinaryHeap" ->
          CompositeTypes.vec(element, first, bulk, -1);
      case "HashSet" -> CompositeTypes.set(first);
      case "BTreeSet" -> CompositeTypes.sortedSet(first);
      case "Option" -> CompositeTypes.option(first);
      case "HashMap" -> CompositeTypes.map(first, rest.get(0));
      case "BTreeMap" -> CompositeTypes.sortedMap(first, rest.get(0));
      case "Result" -> CompositeTypes.result(first, rest.get(0));
      default -> throw new AssertionError("unknown type " + name);
    };
  }

  private List<JsonType<?>> closed() {
    expect(">");
    return List.of();
  }

  private List<JsonType<?>> types(String end) {
    List<JsonType<?>> types = new ArrayList<>();
    while (!accept(end)) {
      types.add(type());
      accept(",");
    }
    return types;
  }

  /** The fields up to and including the brace. */
  private JsonType<List<Object>> namedFields() {
    List<String> names = new ArrayList<>();
    List<JsonType<?>> types = new ArrayList<>();
    while (!accept("}")) {
      names.add(word());
      expect(":");
      types.add(type());
      accept(",");
    }
    return CompositeTypes.struct(names, types);
  }

  private List<CompositeTypes.NamedVariant> variants() {
    List<CompositeTypes.NamedVariant> variants = new ArrayList<>();
    while (!accept("}")) {
      String name = word();
      JsonType<List<Object>> fields =
          accept("{")
              ? namedFields()
              : accept("(") ? CompositeTypes.tuple(types(")")) : CompositeTypes.noFields();
      variants.add(new CompositeTypes.NamedVariant(name, fields));
      accept(",");
    }
    return variants;
  }

  private String word() {
    int start = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || is('_'))) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean is(char c) {
    return text.charAt(at) == c;
  }

  private boolean accept(String token) {
    boolean here = text.startsWith(token, at);
    at += here ? token.length() : 0;
    return here;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new AssertionError("expected " + token + " at " + at + " of " + text);
    }
  }
}
