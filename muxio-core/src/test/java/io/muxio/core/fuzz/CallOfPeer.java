package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that came in: collects its request or reads it chunk by chunk, answers at once or chunk by
 * chunk when the input says so, checks the order.
 */
final class CallOfPeer implements RpcStreamListener, ChunksOut.Target {
  private static final List<ResponseStatus> STATUSES = List.of(ResponseStatus.values());

  private final DispatcherCase test;
  private final InboundCall call;
  private final PayloadBuffer request;
  private final ChunksOut answer;

  /** Where the request is read chunk by chunk. */
  private @Nullable ChunksIn chunks;

  private boolean dropped;
  private boolean ended;

  /** Answered, cancelled or failed: nothing may be heard any more. */
  private boolean over;

  CallOfPeer(DispatcherCase test, InboundCall call) {
    this.test = test;
    this.call = call;
    this.request = call.newRequestBuffer();
    this.answer = new ChunksOut(test, this);
  }

  InboundCall call() {
    return call;
  }

  ChunksOut chunks() {
    return answer;
  }

  /** Whether a streaming answer has begun and not ended. */
  boolean isStreaming() {
    return answer.sent() > 0 && isOpen();
  }

  @Override
  public boolean isOpen() {
    return call.isOpen();
  }

  @Override
  public boolean hasCredit(int cost) {
    return call.hasCredit(cost);
  }

  @Override
  public void send(ByteBuf chunk) {
    call.send(chunk);
  }

  /** Writes or reads a chunk. */
  void stream() {
    int what = test.in().next(8);
    if (chunks != null && what < 4) {
      chunks.take(what == 0 ? Integer.MAX_VALUE : what);
    } else if (isOpen()) {
      answer.next();
    }
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
      case 4, 5 -> chunks = new ChunksIn(call.newRequestWindow());
      case 6 -> answer.next();
      default -> test.interfere(what);
    }
    return this;
  }

  /** Ends the answer where it streams; else, or in its place, gives the one and only. */
  void answer() {
    ResponseStatus status = STATUSES.get(test.in().next(4));
    boolean answered =
        (answer.sent() > 0 && status == ResponseStatus.SUCCESS)
            ? test.end(call, answer.sent())
            : test.respond(call, status, test.in().next());
    if (answered) {
      check(!over, "answered twice");
      over();
    }
  }

  /** As where the caller's time is over. */
  void expire() {
    if (isOpen()) {
      check(call.timeLeftNanos() >= 0, "time left");
      call.finish();
      over();
    }
  }

  @Override
  public void onPayload(ByteBuf payload) {
    check(!over && !ended, "payload after the end");
    check(payload.isReadable(), "empty payload");
    if (chunks == null) {
      int length = payload.readableBytes();
      request.add(payload);
      call.onTaken(length);
    } else {
      chunks.add(payload);
    }
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
    check(!over && (!ended || test.isExtended()), "cancel after the end");
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

  @Override
  public void onCredit() {
    answer.proceed();
    test.interfereInWrite();
  }

  private void drop() {
    dropped = true;
    over();
  }

  private void over() {
    over = true;
    request.close();
    if (chunks != null) {
      chunks.close();
    }
  }

  void checkTold() {
    check(over, "the end of a call was not told");
    check(dropped || !call.isOpen(), "a call is open after the end");
  }
}
