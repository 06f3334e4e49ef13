/** The calling side: unary calls and their answers. */
module io.muxio.rpc.caller {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.rpc.service;
  requires transitive io.netty.buffer;
  requires io.netty.common;
  requires org.slf4j;

  exports io.muxio.rpc.caller;
}
