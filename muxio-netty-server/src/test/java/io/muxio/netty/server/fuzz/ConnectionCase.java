package io.muxio.netty.server.fuzz;

import io.muxio.rpc.service.RpcConnection;
import io.muxio.test.FuzzFrames;
import io.muxio.test.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One input of {@link ServerFuzzTest}: a connection from its first byte until it is gone. */
final class ConnectionCase {
  private static final int SERVER_IDS = 0x8000_0000;
  private static final int CLOSE_SECONDS = 3;
  private static final int WAIT_SECONDS = 5;

  /** Long inputs cost time and reach nothing more. */
  private static final int MAX_STEPS = 100;

  private final Services services;
  private final ErrorLog log;
  private final FuzzInput in;
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
  private final long unpooledBefore = used(UnpooledByteBufAllocator.DEFAULT);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final FuzzFrames frames;
  private final FuzzClient client;

  ConnectionCase(Services services, ChannelHandler pipeline, ErrorLog log, FuzzInput in) {
    this.services = services;
    this.log = log;
    this.in = in;
    int mode = in.next();
    boolean extended = (mode & 16) != 0;
    int headerSize = (mode & 1) == 0 || extended ? 13 : 21;
    frames = new FuzzFrames(headerSize, SERVER_IDS, Services.methodIds());
    client = new FuzzClient(in);
    channel.config().setAllocator(memory);
    channel.pipeline().addLast(pipeline);
    if ((mode & 6) != 6) {
      wire.writeBytes(client.upgrade((mode & 6) == 4, extended));
    }
    byte[] settings = extended ? frames.extend(in) : new byte[0];
    if ((mode & 8) == 0) {
      arrives();
    }
    if (settings.length > 0) {
      wire.writeBytes(client.message(settings)); // before the answer it would end the connection
    }
  }

  void run() {
    for (int steps = 0; steps < MAX_STEPS && !in.isEmpty() && channel.isOpen(); steps++) {
      step();
      readSent();
    }
    arrives();
    end();
  }

  private void step() {
    int what = in.next();
    switch (what & 15) {
      case 0, 1, 2 -> wire.writeBytes(client.message(frames.next(in)));
      case 3, 4, 5 -> wire.writeBytes(client.message(frames.nextStream(in)));
      case 6 -> {
        ByteArrayOutputStream several = new ByteArrayOutputStream();
        for (int left = in.next(5); left > 0; left--) {
          several.writeBytes(frames.next(in));
        }
        wire.writeBytes(client.message(several.toByteArray()));
      }
      case 7 -> wire.writeBytes(client.inFragments(frames.nextStream(in)));
      case 8 -> wire.writeBytes(client.frame(in.nextBytes(in.next(130))));
      case 9 -> wire.writeBytes(in.nextBytes(in.next(64)));
      case 10 -> services.answerLater(in.next());
      case 11 -> {
        if (services.pool().waiting() > 0) {
          services.pool().runNext();
          channel.runPendingTasks();
        }
      }
      case 12 -> services.pool().reject(in.next(2) == 1);
      case 13 -> passes(in.next(8));
      case 14 -> closeFromHere(in.next());
      default -> services.stream(in.next(), in.next());
    }
    if ((what & 16) == 0) {
      arrives();
    }
  }

  /** All that was collected, or up to somewhere. */
  private void arrives() {
    byte[] bytes = wire.toByteArray();
    wire.reset();
    int cut = bytes.length > 0 && in.next(4) == 3 ? in.next(bytes.length + 1) : 0;
    if (cut > 0) {
      receive(bytes, 0, cut);
    }
    receive(bytes, cut, bytes.length - cut);
  }

  private void receive(byte[] bytes, int start, int length) {
    if (length > 0 && channel.isOpen()) {
      channel.writeInbound(memory.directBuffer(length).writeBytes(bytes, start, length));
    }
  }

  private void passes(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runPendingTasks();
  }

  private void closeFromHere(int how) {
    if (how == 1) {
      channel.close();
    } else if (how < 8) {
      services.server().connections().forEach(RpcConnection::close);
    }
    channel.runPendingTasks();
  }

  private void end() {
    closeFromHere(in.next(4));
    readSent();
    passes(CLOSE_SECONDS);
    channel.close();
    channel.runPendingTasks();
    for (CompletableFuture<byte[]> call : services.finish()) {
      awaitEnd(call);
    }
    channel.runPendingTasks();
    readSent();
    checkEnd();
  }

  private static void awaitEnd(CompletableFuture<byte[]> call) {
    try {
      call.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // over too
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("a call to the client is not over", e);
    }
  }

  private void readSent() {
    for (Object message = channel.readOutbound();
        message != null;
        message = channel.readOutbound()) {
      sent.writeBytes(ByteBufUtil.getBytes((ByteBuf) message));
      ((ByteBuf) message).release();
    }
  }

  private void checkEnd() {
    channel.checkException();
    log.check();
    check(channel.inboundMessages().isEmpty(), "a message came to the pipeline's end");
    check(services.server().connections().isEmpty(), "a connection is left");
    check(channel.runScheduledPendingTasks() < 0, "a timer is left");
    new SentBytes(sent.toByteArray()).check();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (left() != 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait(); // an answer to us is released right behind its future's completion
    }
    check(left() == 0, left() + " bytes of memory after the end");
  }

  private long left() {
    return used(memory) + used(UnpooledByteBufAllocator.DEFAULT) - unpooledBefore;
  }

  private static long used(UnpooledByteBufAllocator allocator) {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
