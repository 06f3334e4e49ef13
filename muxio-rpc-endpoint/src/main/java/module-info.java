/** The handler side: registry, call context, answers. */
module io.muxio.rpc.endpoint {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.rpc.service;
  requires transitive io.netty.buffer;
  requires io.netty.common;
  requires it.unimi.dsi.fastutil.core;
  requires org.slf4j;

  exports io.muxio.rpc.endpoint;
}
