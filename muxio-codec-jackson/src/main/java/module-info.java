/** Services whose values are JSON. */
module io.muxio.codec.jackson {
  requires static transitive org.jspecify;
  requires transitive io.muxio.rpc.service;
  requires transitive com.fasterxml.jackson.databind;
  requires io.netty.buffer;

  exports io.muxio.codec.jackson;
}
