package io.muxio.codec.protobuf;

import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A service of messages that Protobuf brings along, but for one method, which is bitcode. */
public interface Clock {
  @RpcName("clock.at")
  @RpcCodec(ProtobufCodecFactory.class)
  Timestamp at(Int64Value seconds);

  @RpcName("clock.later")
  @RpcCodec(ProtobufCodecFactory.class)
  CompletionStage<StringValue> later(Duration duration);

  @RpcName("clock.ticks")
  @RpcCodec(ProtobufCodecFactory.class)
  Flow.Publisher<Int64Value> ticks(Flow.Publisher<Int64Value> ticks);

  @RpcName("clock.sum")
  long sum(long one, long two);
}
