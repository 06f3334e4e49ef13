package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call of the peer. It is over with its one answer, with the peer's cancel, with an error of its
 * stream that nobody answers, or with the connection; what is written to it afterwards goes
 * nowhere. Used on the connection's thread only.
 */
public final class InboundCall {
  private enum State {
    /** No answer has been given. */
    OPEN,
    /** The header of a streaming answer was sent; from {@link #OPEN}. */
    STREAMING,
    /** Answered, cancelled, or its connection is gone. Final. */
    OVER
  }

  /** A year: what is more is as good as unlimited, and would not fit into nanoseconds. */
  private static final long MAX_MICROS = TimeUnit.DAYS.toMicros(365);

  private final RpcDispatcher dispatcher;
  private final int requestId;
  private final long methodId;
  private final CallHeaders headers;
  private final long beganNanos;

  /** For the request, where the peer waits for credit. */
  private final @Nullable StreamCredit credit;

  private State state = State.OPEN;
  private RpcStreamListener listener = RpcStreamListener.DISCARD;

  /** The metadata is charged to what the connection holds for the peer. */
  private boolean holding;

  /** Goes in front of the next answer. */
  private byte[] answerMetadata = CallHeaders.EMPTY.metadata();

  /** Set while the answer is streaming. */
  private @Nullable RpcStreamWriter answer;

  InboundCall(RpcDispatcher dispatcher, int requestId, long methodId, CallHeaders headers) {
    this.dispatcher = dispatcher;
    this.requestId = requestId;
    this.methodId = methodId;
    this.headers = headers;
    this.beganNanos = dispatcher.inbound().nowNanos();
    this.credit = dispatcher.newCredit(requestId);
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
   * How long the caller waits for the answer, or for its end where it is streamed, from the moment
   * that the call has come.
   *
   * @return nanoseconds, 0 or more; {@link RpcDispatcher#UNLIMITED} where it has not said
   */
  public long timeLeftNanos() {
    long micros = headers.timeLeftMicros();
    boolean unlimited = micros == CallHeaders.NONE || micros > MAX_MICROS;
    return unlimited ? RpcDispatcher.UNLIMITED : TimeUnit.MICROSECONDS.toNanos(micros);
  }

  /**
   * What the caller says of the call beside the request.
   *
   * @return entries as docs/protocol.md has them in 12.5, each whole; empty where there are none.
   *     Not to be changed; on any thread
   */
  public byte[] metadata() {
    return headers.metadata();
  }

  /**
   * How much the caller takes beside an answer; on any thread.
   *
   * @return see {@link RpcDispatcher#maxMetadataSize()}
   */
  public int maxMetadataSize() {
    return dispatcher.maxMetadataSize();
  }

  /**
   * Puts metadata in front of the next answer that begins, which may be a failure in the place of a
   * streaming answer. Goes nowhere with a peer that does not speak the extension.
   *
   * @param metadata entries as docs/protocol.md has them in 12.5, up to {@link #maxMetadataSize()}
   *     bytes; not copied and not to be changed
   */
  public void answerMetadata(byte[] metadata) {
    answerMetadata = metadata;
  }

  /**
   * Whether the call can still be answered.
   *
   * @return false once it is over
   */
  public boolean isOpen() {
    return state != State.OVER && !dispatcher.isClosed();
  }

  /**
   * Answers the call. The answer leaves with {@link RpcSession#flush()}. Where a streaming answer
   * has begun, only a failure can be told: it is sent as another answer, which callers take in the
   * place of the one that has not ended, and that one is voided.
   *
   * @param status the outcome; a failure where a streaming answer has begun
   * @param body the answer or the error; taken over by this method
   * @return false where the call was over and nothing is sent
   */
  public boolean respond(ResponseStatus status, ByteBuf body) {
    return respond(status, body, CallHeaders.NONE);
  }

  private boolean respond(ResponseStatus status, ByteBuf body, long retryAfterMillis) {
    if (!isOpen()) {
      state = State.OVER;
      body.release();
      return false;
    }
    assert state == State.OPEN || status != ResponseStatus.SUCCESS : "a second answer";
    RpcStreamWriter begun = answer;
    answer = null;
    finish();
    dispatcher.inbound().onAnswered();
    sendHeaders(retryAfterMillis);
    dispatcher.send(this, begun == null ? methodId : 0, status, body);
    if (begun != null) {
      begun.cancel();
    }
    return true;
  }

  /**
   * Answers a call whose handler has not run and will not: for what load or a limit did not let in.
   * The caller may make it again, later or over another connection; one that speaks the extension
   * is told so, to any other it is a {@link ResponseStatus#SYSTEM_ERROR} like others.
   *
   * @param text says why, in UTF-8; taken over by this method
   * @param retryAfterMillis when to make it again, 0 or more; negative where nobody knows
   * @return false where the call was over and nothing is sent
   */
  public boolean refuse(ByteBuf text, long retryAfterMillis) {
    boolean mayRetry = state == State.OPEN; // else the handler has run
    long retryAfter = mayRetry ? Math.max(0, retryAfterMillis) : CallHeaders.NONE;
    return respond(ResponseStatus.SYSTEM_ERROR, text, retryAfter);
  }

  /**
   * The longest chunk that is sent as one frame; a longer one is cut. On any thread.
   *
   * @return bytes, 1 or more
   */
  public int chunkSize() {
    return dispatcher.chunkSize();
  }

  /**
   * Whether the peer takes a chunk of a streaming answer now; where not, the request's listener is
   * told when it may, see {@link RpcStreamListener#onCredit}.
   *
   * @param cost of the chunk, see {@link StreamWindow#costOf}
   * @return true where the peer does not know of credit, too
   */
  public boolean hasCredit(int cost) {
    return answer == null || answer.hasCredit(cost);
  }

  /**
   * A piece of the request was put to the others, or dropped: a caller that streams it goes on. Not
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
   * Sends the next chunk of a streaming answer; the first one begins the answer. Goes nowhere where
   * the call is over.
   *
   * @param chunk taken over by this method; not empty
   * @throws io.netty.util.IllegalReferenceCountException where the chunk was released already;
   *     nothing of it is sent
   */
  public void send(ByteBuf chunk) {
    if (!isOpen()) {
      chunk.release();
    } else if (answer != null) {
      answer.write(chunk);
    } else {
      sendHeaders(CallHeaders.NONE);
      answer = dispatcher.openAnswer(this, chunk);
      state = State.STREAMING;
    }
  }

  /** Ends a streaming answer, which may be without chunks, and with it the call. */
  public void end() {
    if (!isOpen()) {
      state = State.OVER;
      return;
    }
    if (answer == null) {
      sendHeaders(CallHeaders.NONE);
      answer = dispatcher.openAnswer(this, Unpooled.EMPTY_BUFFER);
    }
    RpcStreamWriter writer = answer;
    answer = null;
    finish(); // before the room that the answer leaves wakes writers of other streams
    dispatcher.inbound().onAnswered();
    writer.end();
  }

  /**
   * A buffer for this call's request, within the connection's limits.
   *
   * @return a new buffer, which the call's handler closes when the call is over
   */
  public PayloadBuffer newRequestBuffer() {
    return dispatcher.newRequestBuffer();
  }

  /**
   * A window for this call's request where it is read chunk by chunk.
   *
   * @return a new window, which the call's handler closes when nothing of the request is left
   */
  public StreamWindow newRequestWindow() {
    StreamWindow window = dispatcher.newStreamWindow();
    if (credit != null) {
      window.tell(credit);
    }
    return window;
  }

  /**
   * Makes a call that is over count on among those that the peer may have at once: its handler
   * still runs. Else a peer that opens calls and cancels them could have any number run.
   */
  public void keepPlace() {
    dispatcher.inbound().linger(1);
  }

  /** Undoes {@link #keepPlace()}: the handler has returned. */
  public void giveUpPlace() {
    dispatcher.inbound().linger(-1);
  }

  /**
   * Ends the call without an answer, for which nobody waits any more; one that is not complete is
   * voided.
   */
  public void finish() {
    state = State.OVER;
    dispatcher.inbound().forget(this);
    letGo();
    if (answer != null && !dispatcher.isClosed()) {
      answer.cancel();
    }
    answer = null;
  }

  private void sendHeaders(long retryAfterMillis) {
    if (retryAfterMillis != CallHeaders.NONE || answerMetadata.length > 0) {
      CallHeaders ofAnswer = CallHeaders.ofAnswer(retryAfterMillis, answerMetadata);
      answerMetadata = CallHeaders.EMPTY.metadata();
      dispatcher.sendHeaders(requestId, ofAnswer);
    }
  }

  /** The peer has taken some of the answer. */
  void onCredit(long cost) {
    if (answer != null) {
      answer.onCredit(cost);
    }
  }

  void onAnswerCredit() {
    listener.onCredit();
  }

  /** The caller waits no longer, though its request may have ended. */
  void abandoned() {
    if (isOpen()) {
      giveUp();
    }
  }

  private void giveUp() {
    boolean unanswered = state == State.OPEN;
    finish();
    listener.onCancel();
    if (unanswered) {
      dispatcher.inbound().onAbandoned(beganNanos);
    }
  }

  /** Charges what is kept until the call is over; returns why it cannot be kept. */
  @Nullable ProtocolException hold() {
    try {
      dispatcher.session().budget().reserve(headers.metadata().length);
      holding = true;
      return null;
    } catch (ProtocolException e) {
      return e;
    }
  }

  private void letGo() {
    if (holding) {
      holding = false;
      dispatcher.session().budget().release(headers.metadata().length);
    }
    endCredit();
  }

  private void endCredit() {
    if (credit != null) {
      credit.end();
    }
  }

  /** Sets who is told of the request; returns what the stream is told to tell. */
  RpcStreamListener listenWith(RpcStreamListener listener) {
    this.listener = listener;
    return listener == RpcStreamListener.DISCARD ? listener : new Request();
  }

  /** The connection is gone, which is not told where the call was over already. */
  void fail(Throwable cause) {
    letGo();
    if (state != State.OVER) {
      state = State.OVER;
      answer = null;
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
      endCredit();
      if (isOpen()) {
        listener.onEnd();
      }
    }

    @Override
    public void onCancel() {
      abandoned();
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
