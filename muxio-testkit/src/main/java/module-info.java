/** For tests of services and of transports. */
module io.muxio.testkit {
  requires static transitive org.jspecify;
  requires transitive io.muxio.core;
  requires transitive io.muxio.rpc.service;
  requires transitive io.muxio.rpc.endpoint;
  requires io.muxio.rpc.caller;
  requires io.netty.buffer;
  requires io.netty.common;
  requires org.slf4j;
  requires static transitive org.junit.jupiter.api;
  requires static org.junit.jupiter.params;
  requires static org.assertj.core;

  exports io.muxio.testkit;
  exports io.muxio.testkit.contract;
  exports io.muxio.testkit.hunt;

  // JUnit makes and runs the classes of these.
  opens io.muxio.testkit.contract;
  opens io.muxio.testkit.hunt;
}
