package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcException;

/** What a handler may put beside its answer. */
final class AnswerMetadata {
  private AnswerMetadata() {}

  /** Refuses what the caller would not take; on any thread. */
  static Metadata checked(Metadata metadata, InboundCall call) {
    if (metadata.size() > call.maxMetadataSize()) {
      throw new IllegalArgumentException(
          "metadata of an answer: "
              + metadata.size()
              + " bytes (expected: at most "
              + call.maxMetadataSize()
              + ", the maxMetadataSize of the caller)");
    }
    return metadata;
  }

  /** What a failure says goes behind the rest, where the caller takes it; on any thread. */
  static Metadata and(
      Metadata metadata, Throwable failure, InboundCall call, ServedConnection served) {
    // One that names a method was meant for the handler, not for the handler's caller.
    if (FailureBody.unwrap(failure) instanceof RpcException chosen && chosen.method() == null) {
      int size = metadata.size() + chosen.metadata().size();
      if (size <= call.maxMetadataSize()) {
        return metadata.and(chosen.metadata());
      }
      served
          .log()
          .report(
              "metadata of a failure left out",
              size + " bytes, more than the " + call.maxMetadataSize() + " that the caller takes");
    }
    return metadata;
  }
}
