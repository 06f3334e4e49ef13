package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A caller whose calls the test answers. */
final class ScriptedCaller implements RpcCaller {
  /** What was called, with the bytes of the request as text, and when it will be answered. */
  record Made(CallOptions options, String request, CompletableFuture<Object> answer) {}

  final List<Made> calls = new ArrayList<>();
  boolean closed;

  @Override
  @SuppressWarnings("unchecked")
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options) {
    ByteBuf bytes = method.requestCodec().encode(request, ByteBufAllocator.DEFAULT);
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.release();
    CompletableFuture<Object> answer = new CompletableFuture<>();
    calls.add(new Made(options, text, answer));
    return (CompletableFuture<R>) answer;
  }

  Made last() {
    return calls.get(calls.size() - 1);
  }

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    throw new UnsupportedOperationException("no test opens a stream");
  }

  @Override
  public boolean mayBlock() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public String toString() {
    return "scripted";
  }
}
