/** The muxio protocol without I/O: bytes to RPC events and back. */
module io.muxio.core {
  requires static transitive org.jspecify;
  requires transitive io.netty.buffer;
  requires io.netty.common;
  requires it.unimi.dsi.fastutil.core;
  requires org.slf4j;

  exports io.muxio.core.frame;
  exports io.muxio.core.rpc;
}
