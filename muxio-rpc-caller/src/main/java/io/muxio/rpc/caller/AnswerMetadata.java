package io.muxio.rpc.caller;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a call's user what has come beside the answer. */
final class AnswerMetadata {
  private static final Logger logger = LoggerFactory.getLogger(AnswerMetadata.class);

  private AnswerMetadata() {}

  /** What the callee has answered with. */
  static RpcException of(RpcException failure, Metadata metadata) {
    return metadata.isEmpty() ? failure : failure.withMetadata(metadata);
  }

  /** On the executor for callbacks, because it is the user's code. */
  static void tell(CallOptions options, Metadata metadata) {
    Consumer<Metadata> listener = options.onAnswerMetadata();
    if (listener == null || metadata.isEmpty()) {
      return;
    }
    try {
      listener.accept(metadata);
    } catch (Throwable e) {
      logger.error("a listener for the metadata of an answer failed", e);
    }
  }
}
