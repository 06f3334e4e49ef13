package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;

/** A service whose methods answer later. */
public interface LaterService {
  /** Answers a value. */
  @RpcName("method")
  CompletionStage<String> value();

  /** Answers nothing. */
  @RpcName("nothing")
  CompletionStage<Void> nothing();
}
