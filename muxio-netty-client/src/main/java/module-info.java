/** The client: connects, calls, reconnects. */
module io.muxio.netty.client {
  requires static transitive org.jspecify;
  requires transitive io.muxio.netty;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires org.slf4j;

  exports io.muxio.netty.client;
}
