package io.muxio.netty.client;

import io.muxio.rpc.service.RpcStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of a client that has no connection, the oldest first. On its event loop only. */
final class WaitingCalls {
  private final int limit;
  private final WaitingBytes bytes;
  private final Set<QueuedCall> calls = new LinkedHashSet<>();

  /**
   * Makes an empty queue.
   *
   * @param limit how many may wait
   * @param bytes how much their requests may hold
   */
  WaitingCalls(int limit, WaitingBytes bytes) {
    this.limit = limit;
    this.bytes = bytes;
  }

  /**
   * Lets a call wait, or refuses it.
   *
   * @param call the call
   * @param why there is no connection, or null where that is not known yet
   */
  void add(QueuedCall call, @Nullable Throwable why) {
    if (call.options().failsFast()) {
      String detail = "not connected" + (why == null ? "" : ": " + why.getMessage());
      call.refuse(RpcStatus.DISCONNECTED, detail, why);
    } else if (calls.size() >= limit) {
      String detail = calls.size() + " calls wait for a connection, limit " + limit;
      call.refuse(RpcStatus.REJECTED, detail + " (maxWaitingCalls)", why);
    } else {
      String noRoom = bytes.take(call.waitingBytes());
      if (noRoom == null) {
        calls.add(call);
      } else {
        call.refuse(RpcStatus.REJECTED, noRoom, why);
      }
    }
  }

  /** A call was given up. */
  void remove(QueuedCall call) {
    if (calls.remove(call)) {
      bytes.give(call.waitingBytes());
    }
  }

  /** Takes the oldest out; null where none waits. */
  @Nullable QueuedCall poll() {
    for (QueuedCall call : calls) {
      remove(call);
      return call;
    }
    return null;
  }

  void refuseAll(RpcStatus status, String detail, @Nullable Throwable cause) {
    List<QueuedCall> refused = new ArrayList<>(calls);
    refused.forEach(this::remove);
    refused.forEach(call -> call.refuse(status, detail, cause));
  }
}
