package io.muxio.codec.protobuf;

import com.google.protobuf.Int64Value;
import com.google.protobuf.MessageLite;
import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcName;

/** Methods that Protobuf cannot serve. */
@RpcCodec(ProtobufCodecFactory.class)
public interface WrongClock {
  @RpcName("one")
  String noMessage();

  @RpcName("two")
  void twoMessages(Int64Value one, Int64Value two);

  @RpcName("three")
  MessageLite anyMessage();
}
