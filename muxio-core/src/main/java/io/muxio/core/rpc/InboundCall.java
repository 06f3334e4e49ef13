package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;

/**
 * A call of the peer. It is over with its one answer, with the peer's cancel, with an error of its
 * stream that nobody answers, or with the connection; what is written to it afterwards goes
 * nowhere. Used on the connection's thread only.
 */
public final class InboundCall {
  private enum State {
    /** No answer has been given. */
    OPEN,
    /** Answered, cancelled, or its connection is gone. Final. */
    OVER
  }

  private final RpcDispatcher dispatcher;
  private final int requestId;
  private final long methodId;
  private State state = State.OPEN;
  private RpcStreamListener listener = RpcStreamListener.DISCARD;

  InboundCall(RpcDispatcher dispatcher, int requestId, long methodId) {
    this.dispatcher = dispatcher;
    this.requestId = requestId;
    this.methodId = methodId;
  }

  /**
   * The caller's request id.
   *
   * @return an unsigned number
   */
  public int requestId() {
    return requestId;
  }

  /**
   * The id of the method that is called.
   *
   * @return XXH3-64 of its name
   */
  public long methodId() {
    return methodId;
  }

  /**
   * Whether the call can still be answered.
   *
   * @return false once it is over
   */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /**
   * Answers the call. The answer leaves with {@link RpcSession#flush()}.
   *
   * @param status the outcome
   * @param body the answer or the error; taken over by this method
   * @return false where the call was over and nothing is sent
   */
  public boolean respond(ResponseStatus status, ByteBuf body) {
    if (state == State.OVER || dispatcher.isClosed()) {
      state = State.OVER;
      body.release();
      return false;
    }
    finish();
    dispatcher.send(this, status, body);
    return true;
  }

  /**
   * A buffer for this call's request, within the connection's limits.
   *
   * @return a new buffer, which the call's handler closes when the call is over
   */
  public PayloadBuffer newRequestBuffer() {
    return dispatcher.newRequestBuffer();
  }

  /** Ends the call without an answer. */
  void finish() {
    state = State.OVER;
    dispatcher.forget(this);
  }

  /** Sets who is told of the request; returns what the stream is told to tell. */
  RpcStreamListener listenWith(RpcStreamListener listener) {
    this.listener = listener;
    return listener == RpcStreamListener.DISCARD ? listener : new Request();
  }

  /** The connection is gone. */
  void fail(Throwable cause) {
    if (state == State.OPEN) {
      state = State.OVER;
      listener.onFailure(cause);
    }
  }

  /** Keeps the call's state in step with its request stream; drops what comes when it is over. */
  private final class Request implements RpcStreamListener {
    @Override
    public void onPayload(ByteBuf payload) {
      if (isOpen()) {
        listener.onPayload(payload);
      } else {
        payload.release();
      }
    }

    @Override
    public void onEnd() {
      if (isOpen()) {
        listener.onEnd();
      }
    }

    @Override
    public void onCancel() {
      if (isOpen()) {
        finish();
        listener.onCancel();
      }
    }

    @Override
    public void onFailure(Throwable cause) {
      if (isOpen()) {
        listener.onFailure(cause);
      }
      if (isOpen()) {
        finish();
      }
    }
  }
}
