package io.muxio.testkit.typed;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A service with a stream that is answered, and one that is sent. */
public interface Numbers {
  @RpcName("numbers.get")
  Flow.Publisher<Integer> get(int count);

  @RpcName("numbers.put")
  CompletionStage<Void> put(Flow.Publisher<Integer> numbers);
}
