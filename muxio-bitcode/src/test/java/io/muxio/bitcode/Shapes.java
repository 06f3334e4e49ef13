package io.muxio.bitcode;

import java.util.stream.Stream;

/** Types whose decoders, taken together, have all of the branches that damaged messages reach. */
public final class Shapes {
  private Shapes() {}

  public static Stream<String> all() {
    return Stream.of(
        "String",
        "Vec<u8>",
        "Vec<bool>",
        "Vec<char>",
        "Vec<f64>",
        "Vec<u128>",
        "Vec<i16>",
        "Vec<()>",
        "Vec<Vec<u32>>",
        "Vec<Vec<String>>",
        "Vec<Vec<()>>",
        "Vec<Option<String>>",
        "Vec<Result<String,i64>>",
        "Vec<[u8;3]>",
        "Vec<Duration>",
        "Vec<IpAddr>",
        "BTreeSet<String>",
        "HashMap<String,Vec<u8>>",
        "BTreeMap<String,BTreeMap<u8,bool>>",
        "Vec<enum{A,B,C,D,E}>",
        "Vec<enum{A(u8),B(u16),C(u32),D(u64),E(i8),F(i32),G{s:String,v:Vec<i16>}}>",
        "Vec<struct{name:String,age:u8,mail:Option<String>,tags:Vec<String>}>",
        "struct{v:Vec<Vec<Vec<u16>>>,m:BTreeMap<String,Vec<Option<i32>>>}",
        "struct{entries:Vec<(Vec<u8>,Vec<u8>)>}");
  }
}
