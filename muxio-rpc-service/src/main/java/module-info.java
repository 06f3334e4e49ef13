/** What both ends share: method definitions, ids, codecs, status, errors. */
module io.muxio.rpc.service {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.bitcode;
  requires transitive io.netty.buffer;
  requires com.dynatrace.hash4j;

  exports io.muxio.rpc.service;
}
