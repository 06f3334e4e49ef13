package io.muxio.core.wire;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.RpcStreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Keeps the calls of the peer and what became of their streams. */
public final class RecordingRouter implements InboundRouter {
  /** A call that was routed. */
  public record Received(InboundCall call, ByteBuf metadata, RecordingListener listener) {
    public byte[] metadataBytes() {
      return ByteBufUtil.getBytes(metadata);
    }
  }

  /** A stream that was dropped. */
  public record Failed(int stream, ProtocolException cause) {}

  private final List<Received> calls = new ArrayList<>();
  private final List<InboundCall> refused = new ArrayList<>();
  private final List<ProtocolException> refusals = new ArrayList<>();
  private final List<Failed> failures = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private Function<Received, RpcStreamListener> route = Received::listener;
  private BiConsumer<InboundCall, ProtocolException> refuse = (call, cause) -> {};

  /** What happens at a call after it was recorded. */
  public void route(Function<Received, RpcStreamListener> route) {
    this.route = route;
  }

  /** What happens at a refused call after it was recorded. */
  public void refuse(BiConsumer<InboundCall, ProtocolException> refuse) {
    this.refuse = refuse;
  }

  @Override
  public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
    String id = Integer.toUnsignedString(call.requestId());
    RecordingListener listener = new RecordingListener();
    listener.then(
        event -> {
          if (!event.equals("payload")) {
            log.add(event + " " + id);
          }
        });
    Received received = new Received(call, metadata, listener);
    calls.add(received);
    log.add("call " + id);
    return route.apply(received);
  }

  @Override
  public void onRefused(InboundCall call, ProtocolException cause) {
    refused.add(call);
    refusals.add(cause);
    log.add("refused " + Integer.toUnsignedString(call.requestId()));
    refuse.accept(call, cause);
  }

  @Override
  public void onStreamFailure(int streamId, ProtocolException cause) {
    failures.add(new Failed(streamId, cause));
    log.add("stream " + Integer.toUnsignedString(streamId) + " " + cause.reason());
  }

  public List<Received> calls() {
    return calls;
  }

  public Received call(int requestId) {
    return calls.stream()
        .filter(received -> received.call().requestId() == requestId)
        .reduce((first, last) -> last)
        .orElseThrow(() -> new AssertionError("no call " + requestId + " in " + log));
  }

  public List<InboundCall> refused() {
    return refused;
  }

  public List<ProtocolException> refusals() {
    return refusals;
  }

  public List<Failed> failures() {
    return failures;
  }

  public List<ProtocolException.Reason> failureReasons() {
    return failures.stream().map(failed -> failed.cause().reason()).toList();
  }

  /** Everything but payload, in the order in which it was heard. */
  public List<String> log() {
    return log;
  }

  void release() {
    for (Received received : calls) {
      received.listener().release();
      received.metadata().release();
    }
    calls.clear();
  }
}
