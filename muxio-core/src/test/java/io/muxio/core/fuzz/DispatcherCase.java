package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.muxio.core.rpc.CallHeaders;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.PendingCall;
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
  private final boolean extended;
  private final CreditCheck credit;
  private long nanos;
  private boolean goneAway;
  private boolean closed;

  /** The input decides nothing more. */
  private boolean quiet;

  DispatcherCase(IdSpace ids, FuzzInput in) {
    this.in = in;
    int mode = in.next();
    boolean detect = ids == IdSpace.SERVER && (mode & 2) == 0;
    limits = SmallLimits.of(mode, in.next(5));
    int chunkSize = 1 + in.next();
    int messageSize = 1 + 2 * in.next();
    sent = new SentFrames(() -> dispatcher().session().format(), ids, chunkSize, messageSize);
    int more = in.next();
    int firstId = (more & 1) == 0 ? 0 : -2; // wraps soon
    extended = (more & 2) != 0;
    FrameFormat format =
        (mode & 1) == 0 || extended ? FrameFormat.GENERATION_13 : FrameFormat.GENERATION_21;
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
            () -> nanos);
    dispatcher = new RpcDispatcher(config, sent::send, this);
    dispatcher.onGoAway(reason -> goneAway = true);
    credit = new CreditCheck(ids, message -> receive(message, true));
    int base = ids.counter(firstId).next(id -> false);
    peer = new FuzzFrames(format.headerSize(), base, METHOD);
    if (extended) {
      sent.extend();
      dispatcher.session().extend();
      wire.writeBytes(peer.extend(in));
    }
  }

  void run() {
    for (int steps = 0; steps < MAX_STEPS && !in.isEmpty() && !closed; steps++) {
      step();
      checkBounds();
    }
    checkCreditHelps();
    flushAll(canWrite());
    close();
    after();
  }

  private void flushAll(boolean callsToo) {
    if (!closed) {
      dispatcher.session().flush();
      int open = 0;
      for (CallOfPeer call : calls) {
        open += call.isStreaming() ? 1 : 0;
      }
      for (CallOfOurs call : ours) {
        open += call.isOpen() ? 1 : 0;
      }
      sent.checkAllSent(callsToo, open);
    }
  }

  private void checkCreditHelps() {
    if (extended && !closed && credit.isPossible()) {
      quiet = true;
      calls.forEach(credit::check);
      ours.forEach(credit::check);
    }
  }

  private boolean canWrite() {
    return dispatcher.session().format() != null;
  }

  private void step() {
    int what = in.next();
    switch (what & 15) {
      case 9 -> call((what & 0x80) != 0);
      case 10 -> abandon();
      case 11 -> answer();
      case 12 -> {
        if ((what & 0x80) == 0) {
          dispatcher.session().flush();
        } else {
          stream();
        }
      }
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
      case 3 -> nanos += 1_000_000L * in.next();
      case 4 -> {
        if (!calls.isEmpty()) {
          calls.get(in.next(calls.size())).expire();
        }
      }
      case 5 -> dispatcher.session().sendGoAway("x".repeat(in.next(1500)));
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
    credit.onReceived(bytes);
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

  private void call(boolean streaming) {
    CallOfOurs call = new CallOfOurs(this);
    int size = in.next();
    long nanosLeft = size % 2 == 0 ? RpcDispatcher.UNLIMITED : size * 1000L;
    CallHeaders headers = CallHeaders.of(nanosLeft, new byte[0]);
    try {
      if (streaming) {
        call.opened(dispatcher.openCall(METHOD, buffer(size), headers, call));
      } else {
        call.begun(dispatcher.call(METHOD, buffer(size), headers, call));
        sent.expectCall(call.requestId());
      }
      ours.add(call);
    } catch (ProtocolException e) {
      equal(ProtocolException.Reason.TOO_MANY_CALLS, e.reason(), "reason");
    } catch (IllegalStateException e) {
      check(goneAway, "a call was refused");
    }
  }

  void endRequest(PendingCall call) {
    sent.expectCall(call.requestId());
    call.end();
  }

  private void stream() {
    int which = in.next();
    if ((which & 1) == 0 && !calls.isEmpty()) {
      calls.get((which >> 1) % calls.size()).stream();
    } else if (!ours.isEmpty()) {
      ours.get((which >> 1) % ours.size()).stream();
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
    switch (in.next(4)) {
      case 2 -> {
        sent.expectAnswer(call.requestId(), ResponseStatus.SYSTEM_ERROR.code(), 20);
        check(call.refuse(buffer(20), in.next() - 1), "not refused");
      }
      case 3 -> {}
      default -> respond(call, ResponseStatus.SYSTEM_ERROR, 20);
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

  boolean isExtended() {
    return extended;
  }

  boolean respond(InboundCall call, ResponseStatus status, int size) {
    boolean open = call.isOpen();
    check(!(open && closed), "open after the end");
    if (open) {
      sent.expectAnswer(call.requestId(), status.code(), size);
    }
    equal(open, call.respond(status, buffer(size)), "answered");
    check(!call.isOpen(), "open after its answer");
    return open;
  }

  boolean end(InboundCall call, int size) {
    boolean open = call.isOpen();
    if (open) {
      sent.expectAnswer(call.requestId(), ResponseStatus.SUCCESS.code(), size);
    }
    call.end();
    check(!call.isOpen(), "open after its end");
    return open;
  }

  ByteBuf buffer(int size) {
    return memory.heapBuffer(Math.max(1, size)).writeZero(size);
  }

  /** Sometimes the connection ends, or calls are made and given up, while a listener is told. */
  void interfere(int what) {
    if (quiet) {
      return;
    }
    switch (what) {
      case 8 -> close();
      case 9 -> {
        if (!closed) {
          call(false);
        }
      }
      case 10 -> abandon();
      case 11 -> answer();
      case 12 -> stream();
      default -> {}
    }
  }

  /** The same where this end may be in the middle of a write, which no end of a connection cuts. */
  void interfereInWrite() {
    int what = in.next(16);
    if (what != 8) {
      interfere(what);
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
