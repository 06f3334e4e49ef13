package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;

/** A call to the peer that waits for its answer. Used on the connection's thread only. */
public final class PendingCall {
  private enum State {
    /** The request was sent; no answer has come. */
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

  PendingCall(RpcDispatcher dispatcher, int requestId, ResponseListener listener) {
    this.dispatcher = dispatcher;
    this.requestId = requestId;
    this.listener = listener;
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
   * Gives the call up: its listener hears nothing more, and the answer is dropped when it comes. A
   * request that has been sent whole cannot be taken back from a published peer, so nothing is
   * sent.
   */
  public void abandon() {
    if (state != State.DONE) {
      dispatcher.abandon(this, state == State.AWAITING_HEADER);
      state = State.DONE;
    }
  }

  boolean isAwaitingHeader() {
    return state == State.AWAITING_HEADER;
  }

  RpcStreamListener begin(RpcHeader header) {
    state = State.RECEIVING;
    try {
      listener.onHeader(header);
    } catch (ProtocolException e) {
      dispatcher.forget(this);
      fail(e);
      throw e;
    }
    return state == State.DONE ? RpcStreamListener.DISCARD : new Answer();
  }

  /** No answer will come; the dispatcher has forgotten the call already. */
  void fail(Throwable cause) {
    if (state != State.DONE) {
      state = State.DONE;
      listener.onFailure(cause);
    }
  }

  private final class Answer implements RpcStreamListener {
    @Override
    public void onPayload(ByteBuf payload) {
      if (state == State.DONE) {
        payload.release();
      } else {
        listener.onPayload(payload);
      }
    }

    @Override
    public void onEnd() {
      if (finish()) {
        listener.onEnd();
      }
    }

    @Override
    public void onCancel() {
      if (finish()) {
        listener.onCancel();
      }
    }

    @Override
    public void onFailure(Throwable cause) {
      if (finish()) {
        listener.onFailure(cause);
      }
    }

    private boolean finish() {
      if (state == State.DONE) {
        return false;
      }
      state = State.DONE;
      dispatcher.forget(PendingCall.this);
      return true;
    }
  }
}
