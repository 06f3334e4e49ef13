package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.PendingCall;
import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcHeader;
import io.muxio.core.rpc.RpcMessageType;
import io.muxio.core.rpc.StreamWindow;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call that goes out: collects its answer or reads it chunk by chunk, gives it up when the input
 * says so.
 */
final class CallOfOurs implements ResponseListener, ChunksOut.Target {
  private final DispatcherCase test;
  private final ChunksOut request;
  private @Nullable PendingCall call;

  /** Where the answer is read chunk by chunk. */
  private @Nullable ChunksIn chunks;

  private @Nullable PayloadBuffer answer;
  private int ends;
  private boolean abandoned;

  /** The answer is none, but says why there is none. */
  private boolean failed;

  CallOfOurs(DispatcherCase test) {
    this.test = test;
    this.request = new ChunksOut(test, this);
  }

  void begun(PendingCall call) {
    this.call = call;
  }

  /** A streaming call. */
  void opened(PendingCall call) {
    this.call = call;
    StreamWindow window = test.dispatcher().newStreamWindow();
    call.countBy(window);
    chunks = new ChunksIn(window);
  }

  ChunksOut chunks() {
    return request;
  }

  /** Whether a streaming request has begun and not ended. */
  @Override
  public boolean isOpen() {
    return call.isRequestOpen();
  }

  @Override
  public boolean hasCredit(int cost) {
    return call.hasCredit(cost);
  }

  @Override
  public void send(ByteBuf chunk) {
    call.send(chunk);
  }

  /** Reads a chunk, writes one or ends the request. */
  void stream() {
    int what = test.in().next(8);
    if (chunks != null && what < 4) {
      chunks.take(what == 0 ? Integer.MAX_VALUE : what);
    } else if (isOpen() && what == 4) {
      test.endRequest(call);
    } else if (isOpen()) {
      request.next();
    }
  }

  @Override
  public void onRequestOpen() {
    request.next();
  }

  @Override
  public void onCredit() {
    request.proceed();
    test.interfereInWrite();
  }

  int requestId() {
    return call.requestId();
  }

  boolean isPending() {
    return ends == 0 && !abandoned;
  }

  void abandon() {
    if (isPending()) {
      abandoned = true;
      closeAnswer();
    }
    call.abandon();
  }

  @Override
  public void onHeader(RpcHeader header) {
    boolean failure = ResponseStatus.of(header.metadata()) != ResponseStatus.SUCCESS;
    header.metadata().release();
    check(isPending(), "a header after the end");
    check(answer == null || failure, "a second header that is no failure");
    closeAnswer();
    equal(RpcMessageType.RESPONSE, header.type(), "type");
    equal(requestId(), header.requestId(), "request");
    answer = test.dispatcher().newResponseBuffer();
    failed = failure;
    int what = test.in().next(16);
    switch (what) {
      case 1 -> abandon();
      case 2 ->
          throw ProtocolException.stream(ProtocolException.Reason.CLOSING, "the test refuses it");
      default -> test.interfere(what);
    }
  }

  @Override
  public void onPayload(ByteBuf payload) {
    check(isPending() && answer != null, "payload after the end, or before the header");
    check(payload.isReadable(), "empty payload");
    if (chunks == null || failed) {
      int length = payload.readableBytes();
      answer.add(payload);
      call.onTaken(length);
    } else {
      chunks.add(payload);
    }
    int what = test.in().next(16);
    switch (what) {
      case 1 -> abandon();
      case 2 ->
          throw ProtocolException.stream(ProtocolException.Reason.CLOSING, "the test fails it");
      default -> test.interfere(what);
    }
  }

  @Override
  public void onEnd() {
    check(answer != null, "an end before the header");
    if (test.in().next(2) == 1) {
      answer.take().release();
    }
    end();
  }

  @Override
  public void onCancel() {
    check(answer != null, "a cancel before the header");
    end();
  }

  @Override
  public void onFailure(Throwable cause) {
    end();
  }

  private void end() {
    check(isPending(), "a second end, or one of a call that was given up");
    ends++;
    closeAnswer();
    test.interfere(test.in().next(16));
  }

  private void closeAnswer() {
    if (answer != null) {
      answer.close();
    }
    if (chunks != null && !isPending()) {
      chunks.close();
    }
  }

  void checkTold() {
    check(!isPending(), "the end of a call of ours was not told");
  }
}
