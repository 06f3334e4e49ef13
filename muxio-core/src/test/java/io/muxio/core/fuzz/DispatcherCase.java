package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.test.FuzzFrames;
import io.muxio.test.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One input of a dispatcher's fuzz test: what the peer sends and what this end does, in turn. The
 * listeners do things of their own too, in the middle of a frame.
 */
final class DispatcherCase implements InboundRouter {
  private static final long METHOD = 7;

  /** Long inputs cost time and reach nothing more. */
  private static final int MAX_STEPS = 100;

  private final FuzzInput in;
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
  private final CoreLimits limits;
  private final RpcDispatcher dispatcher;
  private final SentFrames sent;
  private final FuzzFrames peer;
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final List<CallOfPeer> calls = new ArrayList<>();
  private final List<CallOfOurs> ours = new ArrayList<>();
  private boolean closed;

  DispatcherCase(IdSpace ids, FuzzInput in) {
    this.in = in;
    int mode = in.next();
    FrameFormat format = (mode & 1) == 0 ? FrameFormat.GENERATION_13 : FrameFormat.GENERATION_21;
    boolean detect = ids == IdSpace.SERVER && (mode & 2) == 0;
    limits =
        CoreLimits.builder()
            .maxFramePayload((mode & 4) == 0 ? 1000 : 200)
            .maxStreams((mode & 8) == 0 ? 6 : 3)
            .maxSequenceGap(in.next(5))
            .maxInboundCalls((mode & 16) == 0 ? 4 : 2)
            .maxPendingCalls((mode & 32) == 0 ? 4 : 2)
            .maxRequestSize((mode & 64) == 0 ? 500 : 100)
            .maxResponseSize((mode & 64) == 0 ? 500 : 100)
            .maxBufferedBytes((mode & 128) == 0 ? 5000 : 400)
            .build();
    int chunkSize = 1 + in.next();
    int messageSize = 1 + 2 * in.next();
    sent = new SentFrames(() -> dispatcher().session().format(), ids, chunkSize, messageSize);
    int firstId = in.next(2) == 0 ? 0 : -2; // wraps soon
    SessionConfig config =
        new SessionConfig(
            ids,
            detect ? null : format,
            firstId,
            chunkSize,
            messageSize,
            limits,
            memory,
            () -> SentFrames.TIMESTAMP,
            () -> 0);
    dispatcher = new RpcDispatcher(config, sent::send, this);
    int base = ids.counter(firstId).next(id -> false);
    peer = new FuzzFrames(format.headerSize(), base, METHOD);
  }

  void run() {
    for (int steps = 0; steps < MAX_STEPS && !in.isEmpty() && !closed; steps++) {
      step();
      checkBounds();
    }
    flushAll(canWrite());
    close();
    after();
  }

  private void flushAll(boolean callsToo) {
    if (!closed) {
      dispatcher.session().flush();
      sent.checkAllSent(callsToo);
    }
  }

  private boolean canWrite() {
    return dispatcher.session().format() != null;
  }

  private void step() {
    int what = in.next();
    switch (what & 15) {
      case 9 -> call();
      case 10 -> abandon();
      case 11 -> answer();
      case 12 -> dispatcher.session().flush();
      case 13 -> arrives(in.nextBytes(in.next(64)), what);
      case 14 -> arrives(peer.nextStream(in), what);
      case 15 -> rare();
      default -> arrives(peer.next(in), what);
    }
  }

  private void rare() {
    switch (in.next()) {
      case 1 -> dispatcher.refuseCalls("the test refuses");
      case 2 -> receive(new byte[0], true);
      default -> dispatcher.session().flush();
    }
  }

  /** Whole, in two parts, or together with what comes next. */
  private void arrives(byte[] bytes, int how) {
    wire.writeBytes(bytes);
    if ((how & 16) != 0) {
      return;
    }
    byte[] message = wire.toByteArray();
    wire.reset();
    int cut = (how & 32) == 0 ? 0 : in.next() % (message.length + 1);
    if (cut > 0) {
      receive(Arrays.copyOf(message, cut), (how & 64) != 0);
    }
    if (!closed) {
      receive(Arrays.copyOfRange(message, cut, message.length), (how & 128) == 0);
    }
  }

  private void receive(byte[] bytes, boolean endOfMessage) {
    ByteBuf lent = memory.heapBuffer(bytes.length).writeBytes(bytes);
    try {
      Turn turn = Turn.of(1 + bytes.length % 3);
      while (!dispatcher.session().receive(lent, endOfMessage, turn)) {
        turn.begin();
      }
      check(closed || !lent.isReadable(), "bytes left unread");
    } catch (ProtocolException e) {
      equal(ProtocolException.Scope.CONNECTION, e.scope(), "scope");
      // As a host does, so that answers that are ready leave. Calls that wait for a first frame
      // have no way out where that frame was wrong.
      flushAll(false);
      close();
    } finally {
      lent.release();
    }
  }

  private void call() {
    CallOfOurs call = new CallOfOurs(this);
    try {
      call.begun(dispatcher.call(METHOD, buffer(in.next()), call));
      ours.add(call);
      sent.expectCall(call.requestId());
    } catch (ProtocolException e) {
      equal(ProtocolException.Reason.TOO_MANY_CALLS, e.reason(), "reason");
    }
  }

  private void abandon() {
    if (!ours.isEmpty()) {
      CallOfOurs call = ours.get(in.next(ours.size()));
      call.abandon();
      if (!canWrite()) {
        sent.forgetCall(call.requestId()); // so it will never be sent
      }
    }
  }

  private void answer() {
    if (!calls.isEmpty()) {
      calls.get(in.next(calls.size())).answer();
    }
  }

  @Override
  public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
    CallOfPeer listener = new CallOfPeer(this, call);
    calls.add(listener);
    return listener.begin(metadata);
  }

  @Override
  public void onRefused(InboundCall call, ProtocolException cause) {
    if (in.next(4) != 3) {
      respond(call, ResponseStatus.SYSTEM_ERROR, 20);
    }
  }

  @Override
  public void onStreamFailure(int streamId, ProtocolException cause) {
    equal(ProtocolException.Scope.STREAM, cause.scope(), "scope");
  }

  FuzzInput in() {
    return in;
  }

  RpcDispatcher dispatcher() {
    return dispatcher;
  }

  boolean respond(InboundCall call, ResponseStatus status, int size) {
    boolean responded = call.respond(status, buffer(size));
    check(!(responded && closed), "answered after the end");
    check(!call.isOpen(), "open after its answer");
    if (responded) {
      sent.expectAnswer(call.requestId(), status.code(), size);
    }
    return responded;
  }

  ByteBuf buffer(int size) {
    return memory.heapBuffer(Math.max(1, size)).writeZero(size);
  }

  /** Sometimes the connection ends, or calls are made and given up, while a listener is told. */
  void interfere(int what) {
    switch (what) {
      case 8 -> close();
      case 9 -> {
        if (!closed) {
          call();
        }
      }
      case 10 -> abandon();
      case 11 -> answer();
      default -> {}
    }
  }

  private void checkBounds() {
    check(dispatcher.session().openStreams() <= limits.maxStreams(), "too many streams");
    check(dispatcher.inboundCalls() <= limits.maxInboundCalls(), "too many calls of the peer");
    check(dispatcher.pendingCalls() <= limits.maxPendingCalls(), "too many calls of ours");
    long held = dispatcher.session().bufferedBytes();
    check(held >= 0 && held <= limits.maxBufferedBytes(), "bytes held: " + held);
    int open = 0;
    for (CallOfPeer call : calls) {
      open += call.isOpen() ? 1 : 0;
    }
    equal(open, dispatcher.inboundCalls(), "calls of the peer");
    int pending = 0;
    for (CallOfOurs call : ours) {
      pending += call.isPending() ? 1 : 0;
    }
    equal(pending, dispatcher.pendingCalls(), "calls of ours");
  }

  private void close() {
    if (!closed) {
      closed = true;
      Turn turn = Turn.of(1);
      while (!dispatcher.close(new IllegalStateException("the test is over"), turn)) {
        turn.begin();
      }
    }
  }

  private void after() {
    for (CallOfPeer call : calls) {
      call.checkTold();
      check(!respond(call.call(), ResponseStatus.SUCCESS, 3), "answered after the end");
    }
    ours.forEach(CallOfOurs::checkTold);
    ours.forEach(CallOfOurs::abandon);
    checkRefusesCalls();
    equal(0, dispatcher.session().openStreams(), "streams after the end");
    equal(0, dispatcher.inboundCalls(), "calls of the peer after the end");
    equal(0, dispatcher.pendingCalls(), "calls of ours after the end");
    equal(0L, dispatcher.session().bufferedBytes(), "bytes charged after the end");
    long held = memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    equal(0L, held, "bytes of memory after the end");
  }

  private void checkRefusesCalls() {
    try {
      dispatcher.call(METHOD, buffer(3), new CallOfOurs(this));
      check(false, "a call after the end");
    } catch (IllegalStateException e) {
      // as it says
    }
  }
}
