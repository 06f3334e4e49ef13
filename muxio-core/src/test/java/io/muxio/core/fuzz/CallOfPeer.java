package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** A call that came in: collects its request, answers when the input says so, checks the order. */
final class CallOfPeer implements RpcStreamListener {
  private static final List<ResponseStatus> STATUSES = List.of(ResponseStatus.values());

  private final DispatcherCase test;
  private final InboundCall call;
  private final PayloadBuffer request;
  private boolean dropped;
  private boolean ended;

  /** Answered, cancelled or failed: nothing may be heard any more. */
  private boolean over;

  CallOfPeer(DispatcherCase test, InboundCall call) {
    this.test = test;
    this.call = call;
    this.request = call.newRequestBuffer();
  }

  InboundCall call() {
    return call;
  }

  boolean isOpen() {
    return call.isOpen();
  }

  RpcStreamListener begin(ByteBuf metadata) {
    try {
      request.add(metadata);
    } catch (ProtocolException e) {
      drop();
      throw e;
    }
    int what = test.in().next(16);
    switch (what) {
      case 1 -> {
        answer();
        return DISCARD;
      }
      case 2 -> {
        drop();
        throw ProtocolException.stream(ProtocolException.Reason.CLOSING, "the test drops it");
      }
      case 3 -> answer();
      default -> test.interfere(what);
    }
    return this;
  }

  void answer() {
    if (test.respond(call, STATUSES.get(test.in().next(4)), test.in().next())) {
      check(!over, "answered twice");
      over();
    }
  }

  @Override
  public void onPayload(ByteBuf payload) {
    check(!over && !ended, "payload after the end");
    check(payload.isReadable(), "empty payload");
    request.add(payload);
    int what = test.in().next(16);
    switch (what) {
      case 1 -> answer();
      case 2 ->
          throw ProtocolException.stream(ProtocolException.Reason.CLOSING, "the test fails it");
      default -> test.interfere(what);
    }
  }

  @Override
  public void onEnd() {
    check(!over && !ended, "a second end");
    ended = true;
    int what = test.in().next(16);
    switch (what) {
      case 0, 1 -> answer();
      case 2 -> request.take().release();
      default -> test.interfere(what);
    }
  }

  @Override
  public void onCancel() {
    check(!over && !ended, "cancel after the end");
    over();
    test.interfere(test.in().next(16));
  }

  @Override
  public void onFailure(Throwable cause) {
    check(!over, "failure after the end");
    if (cause instanceof ProtocolException) {
      check(!ended, "the stream of a whole request fails");
      int what = test.in().next(16);
      if (what < 4) {
        answer();
      } else {
        test.interfere(what);
      }
    }
    if (!over) {
      over();
    }
  }

  private void drop() {
    dropped = true;
    over();
  }

  private void over() {
    over = true;
    request.close();
  }

  void checkTold() {
    check(over, "the end of a call was not told");
    check(dropped || !call.isOpen(), "a call is open after the end");
  }
}
