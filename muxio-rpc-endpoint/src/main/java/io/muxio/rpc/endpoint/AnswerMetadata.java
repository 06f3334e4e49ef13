package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcException;

/** What goes beside the answer of a call. */
final class AnswerMetadata {
  private AnswerMetadata() {}

  /** What a handler's failure says to its caller. */
  static Metadata of(Throwable failure) {
    // One that names a method was meant for the handler, not for the handler's caller.
    return FailureBody.unwrap(failure) instanceof RpcException chosen && chosen.method() == null
        ? chosen.metadata()
        : Metadata.EMPTY;
  }

  /**
   * Puts metadata in front of what is sent next, as far as the caller takes it; on the connection's
   * thread.
   *
   * @param ofFailure goes behind the rest, and before it where not both fit
   */
  static void put(
      Metadata ofAnswer, Metadata ofFailure, InboundCall call, ServedConnection served) {
    int size = ofAnswer.size() + ofFailure.size();
    if (size == 0) {
      return;
    }
    long most = Math.min(call.maxMetadataSize(), served.host().thread().outboundRoom());
    if (size <= most) {
      call.answerMetadata(ofAnswer.and(ofFailure).encode());
      return;
    }
    if (ofFailure.size() <= most) {
      call.answerMetadata(ofFailure.encode());
    }
    served
        .log()
        .report(
            "metadata of an answer left out",
            size + " bytes, more than the " + most + " that the caller takes");
  }
}
