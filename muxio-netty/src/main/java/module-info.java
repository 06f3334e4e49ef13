/** What server and client share: one connection on a Netty channel. */
module io.muxio.netty {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.rpc.service;
  requires transitive io.muxio.rpc.endpoint;
  requires transitive io.netty.transport;
  requires transitive io.muxio.rpc.caller;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires transitive io.netty.codec.http;
  requires transitive io.netty.handler;
  requires io.netty.common;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.io_uring;
  requires io.netty.transport.unix.common;
  requires org.slf4j;

  exports io.muxio.netty;
}
