package io.muxio.testkit.typed;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.Flow;

/** Methods of the tests' server that are declared otherwise than they are served. */
public interface Strange {
  @RpcName("cut")
  Flow.Publisher<String> cut(byte[] bytes);

  @RpcName("long")
  Flow.Publisher<String> tooLong();

  @RpcName("shop.chat")
  Flow.Publisher<String> refused(String parameter, Flow.Publisher<String> questions);
}
