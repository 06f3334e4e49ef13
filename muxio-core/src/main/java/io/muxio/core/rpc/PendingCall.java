package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A call to the peer that waits for its answer. Used on the connection's thread only. */
public final class PendingCall {
  private enum State {
    /** No answer has come. */
    AWAITING_HEADER,
    /** The answer's header has come; from {@link #AWAITING_HEADER}. */
    RECEIVING,
    /** Answered, failed, or given up. Final. */
    DONE
  }

  private final RpcDispatcher dispatcher;
  private final int requestId;
  private final ResponseListener listener;
  private State state = State.AWAITING_HEADER;

  /** The stream that is the answer; what another one says of this call is not heard. */
  private @Nullable Answer answer;

  /** Set while a streaming request can be sent. */
  private @Nullable RpcStreamWriter request;

  /** For an answer, where the peer waits for credit. */
  private final @Nullable StreamCredit credit;

  private CallHeaders headers = CallHeaders.EMPTY;

  PendingCall(RpcDispatcher dispatcher, int requestId, ResponseListener listener) {
    this.dispatcher = dispatcher;
    this.requestId = requestId;
    this.listener = listener;
    this.credit = dispatcher.newCredit(requestId);
  }

  /**
   * The request id.
   *
   * @return an unsigned number, of this end's half
   */
  public int requestId() {
    return requestId;
  }

  /**
   * Whether chunks of a streaming request can be sent.
   *
   * @return true from the opening of the request, see {@link ResponseListener#onRequestOpen}, to
   *     its end or the call's
   */
  public boolean isRequestOpen() {
    return request != null && !dispatcher.isClosed();
  }

  /**
   * Whether the peer takes a chunk of a streaming request now; where not, the listener is told when
   * it may, see {@link RpcStreamListener#onCredit}.
   *
   * @param cost of the chunk, see {@link StreamWindow#costOf}
   * @return true where the peer does not know of credit, too
   */
  public boolean hasCredit(int cost) {
    return request == null || request.hasCredit(cost);
  }

  /**
   * Counts the chunks of the answer by a window, whose reader makes the callee send more.
   *
   * @param window of the answer, see {@link RpcDispatcher#newStreamWindow()}
   */
  public void countBy(StreamWindow window) {
    if (credit != null) {
      window.tell(credit);
    }
  }

  /**
   * A piece of an answer was put to the others, or dropped: a callee that streams it goes on. Not
   * for chunks that a {@link StreamWindow} counts.
   *
   * @param bytes its length
   */
  public void onTaken(int bytes) {
    if (credit != null) {
      credit.onTaken(StreamWindow.costOf(bytes));
    }
  }

  /**
   * Whether the peer has refused the call before its handler ran, and lets it be made again.
   *
   * @return milliseconds to wait; -1 where it has not said so. Of the last answer that has begun
   */
  public long retryAfterMillis() {
    return headers.retryAfterMillis();
  }

  /**
   * The metadata of the answer that has begun last.
   *
   * @return entries as docs/protocol.md has them in 12.5, each whole; empty where it has none. Not
   *     to be changed
   */
  public byte[] answerMetadata() {
    return headers.metadata();
  }

  /**
   * Sends the next chunk of a streaming request; goes nowhere where the request is not open.
   *
   * @param chunk taken over by this method; not empty
   * @throws io.netty.util.IllegalReferenceCountException where the chunk was released already;
   *     nothing of it is sent
   */
  public void send(ByteBuf chunk) {
    if (request != null && !dispatcher.isClosed()) {
      request.write(chunk);
    } else {
      chunk.release();
    }
  }

  /** Ends a streaming request; does nothing where it is not open. */
  public void end() {
    RpcStreamWriter ending = request;
    if (ending != null && !dispatcher.isClosed()) {
      request = null;
      ending.end();
    }
  }

  /**
   * Gives the call up: its listener hears nothing more, and the answer is dropped when it comes. A
   * streaming request that has not ended is voided with a Cancel. Of a request that has been sent
   * whole a peer is told that speaks the extension; from a published one it cannot be taken back.
   */
  public void abandon() {
    if (state != State.DONE) {
      boolean unsent = dispatcher.outbound().abandon(this, state == State.AWAITING_HEADER);
      boolean sentWhole = !unsent && request == null;
      leave(done(), sentWhole);
    }
  }

  /** The peer has taken some of the request. */
  void onCredit(long cost) {
    if (request != null) {
      request.onCredit(cost);
    }
  }

  void onRequestCredit() {
    listener.onCredit();
  }

  boolean isAwaitingHeader() {
    return state == State.AWAITING_HEADER;
  }

  /**
   * Whether an answer may begin: the first one, or a failure that takes the place of an answer that
   * has not ended, which is how a callee tells that a streaming answer will not be completed.
   */
  boolean takes(RpcHeader header) {
    return state == State.AWAITING_HEADER
        || (state == State.RECEIVING
            && ResponseStatus.of(header.metadata()) != ResponseStatus.SUCCESS);
  }

  /** The request was opened when the call was made. */
  void openedWith(RpcStreamWriter request) {
    this.request = request;
  }

  /** The request was opened later than the call was made. */
  void openedLaterWith(RpcStreamWriter request) {
    this.request = request;
    listener.onRequestOpen();
  }

  RpcStreamListener begin(
      RpcHeader header, CallHeaders headers, @Nullable ProtocolException wrong) {
    this.headers = headers;
    state = State.RECEIVING;
    try {
      if (wrong != null) {
        header.metadata().release();
        throw wrong;
      }
      listener.onHeader(header);
    } catch (ProtocolException e) {
      dispatcher.outbound().forget(this);
      failHere(e);
      throw e;
    }
    if (state == State.DONE) {
      return RpcStreamListener.DISCARD;
    }
    answer = new Answer();
    return answer;
  }

  /** No answer will come; the dispatcher has forgotten the call already. */
  void fail(Throwable cause) {
    if (state != State.DONE) {
      RpcStreamWriter unfinished = done();
      listener.onFailure(cause);
      leave(unfinished, false);
    }
  }

  /** The answer cannot be taken; the dispatcher has forgotten the call already. */
  private void failHere(Throwable cause) {
    boolean sentWhole = request == null;
    RpcStreamWriter unfinished = done();
    listener.onFailure(cause);
    leave(unfinished, sentWhole);
  }

  /** The call is over; gives what is left of its request, see {@link #leave}. */
  private @Nullable RpcStreamWriter done() {
    state = State.DONE;
    RpcStreamWriter unfinished = request;
    request = null;
    if (credit != null) {
      credit.end();
    }
    return unfinished;
  }

  /**
   * Leaves the peer alone, when everybody here has been told: a request that it has stopped to wait
   * for is not sent to its end, and the room that it leaves wakes writers of other streams, whose
   * users may do anything.
   *
   * @param unfinished what is left of the request
   * @param answering the peer may go on with an answer, and would wait for credit
   */
  private void leave(@Nullable RpcStreamWriter unfinished, boolean answering) {
    if (unfinished != null && !dispatcher.isClosed()) {
      unfinished.cancel();
    }
    if (answering) {
      dispatcher.outbound().tellAbandoned(this);
    }
  }

  private final class Answer implements RpcStreamListener {
    @Override
    public void onPayload(ByteBuf payload) {
      if (isInterested()) {
        listener.onPayload(payload);
      } else {
        payload.release();
      }
    }

    @Override
    public void onEnd() {
      if (isInterested()) {
        RpcStreamWriter unfinished = finish();
        listener.onEnd();
        leave(unfinished, false);
      }
    }

    @Override
    public void onCancel() {
      if (isInterested()) {
        RpcStreamWriter unfinished = finish();
        listener.onCancel();
        leave(unfinished, false);
      }
    }

    @Override
    public void onFailure(Throwable cause) {
      if (isInterested()) {
        dispatcher.outbound().forget(PendingCall.this);
        failHere(cause);
      }
    }

    @Override
    public boolean isInterested() {
      return state != State.DONE && answer == this && !dispatcher.isClosed();
    }

    private @Nullable RpcStreamWriter finish() {
      dispatcher.outbound().forget(PendingCall.this);
      return done();
    }
  }
}
