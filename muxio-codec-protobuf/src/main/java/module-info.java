/** Services whose values are Protobuf messages. */
module io.muxio.codec.protobuf {
  requires static transitive org.jspecify;
  requires transitive io.muxio.rpc.service;
  requires transitive com.google.protobuf;
  requires io.netty.buffer;

  exports io.muxio.codec.protobuf;
}
