/** What both ends share: method definitions, ids, codecs, streams, status, errors. */
@SuppressWarnings("module") // the modules that get the internal packages are built after this one
module io.muxio.rpc.service {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.bitcode;
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires com.dynatrace.hash4j;
  requires org.slf4j;

  exports io.muxio.rpc.service;
  exports io.muxio.rpc.scope to
      io.muxio.rpc.endpoint,
      io.muxio.rpc.caller,
      io.muxio.netty.client;
  exports io.muxio.rpc.stream to
      io.muxio.rpc.endpoint,
      io.muxio.rpc.caller,
      io.muxio.netty;
  exports io.muxio.rpc.typed to
      io.muxio.rpc.endpoint;
}
