package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.test.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server with one event loop, which all connections share, and a well-behaved client of it. What
 * an attack costs the server and its other client is measured here; how an attack ends is for the
 * attack to check.
 */
final class AttackedServer implements AutoCloseable {
  static final RpcMethod<ByteBuf, ByteBuf> ECHO =
      RpcMethod.unary("echo", Codec.byteBuf(), Codec.byteBuf());

  private static final Logger logger = LoggerFactory.getLogger("measured");

  /** What is asked of the neighbour's 99th percentile under attack: to be below twice its base. */
  private static final int FACTOR = 2;

  /**
   * A base below this counts as this: with more threads than processors, that is how long one of
   * them may wait for its turn, whatever the server does.
   */
  private static final long LEAST_BASE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int ROUNDS = 5;
  private static final int TRIES = 6;
  private static final String WORK = "ms that the event loop worked";
  private static final int MOST_CPU_MILLIS = 3_000;

  /** An attack from its first byte to its end, which it checks. */
  @FunctionalInterface
  interface Attack {
    void run() throws Exception;
  }

  private final EventLoopGroup oneLoop = Transport.best().newGroup(1, "one-loop", true);
  private final ExecutorService attacker = Executors.newSingleThreadExecutor();
  private final ServerLog log = ServerLog.record();
  private final RpcServer server;
  private final Neighbour neighbour;
  private Memory memory;

  AttackedServer(ServerLimits.Builder limits) throws Exception {
    this(RpcServer.builder(), limits);
  }

  AttackedServer(RpcServerBuilder builder, ServerLimits.Builder limits) throws Exception {
    server =
        builder
            .bind("127.0.0.1", 0)
            .eventLoopGroup(oneLoop)
            .handle(ECHO, (bytes, call) -> bytes, ExecutionMode.EVENT_LOOP)
            .limits(limits.closeTimeout(Duration.ofMillis(200)).build())
            .build()
            .start();
    neighbour = new Neighbour(server);
  }

  int port() {
    return server.address().getPort();
  }

  RpcServer server() {
    return server;
  }

  /** A socket that says nothing yet. */
  RawPeer connect() throws IOException {
    RawPeer peer = RawPeer.connect(port());
    log.forget(peer.name());
    return peer;
  }

  /** A client that has shaken hands. */
  RawPeer peer() throws IOException {
    RawPeer peer = connect();
    peer.upgrade(new byte[0]);
    return peer;
  }

  /** Waits until the log says something of a client, and names it. */
  void awaitLogged(RawPeer peer, String text) {
    log.awaitLine(peer.name(), text);
  }

  /** The server's end of a client's connection. */
  RpcConnection connectionOf(RawPeer peer) {
    return server.connections().stream()
        .filter(connection -> connection.remoteAddress().toString().equals(peer.name()))
        .findFirst()
        .orElseThrow();
  }

  List<String> logOf(RawPeer peer) {
    return log.of(peer.name());
  }

  /** Waits for the close with this code, whose reason and log line say why. */
  void awaitRefusal(RawPeer peer, int code, String why) throws IOException {
    assertThat(peer.readClose(code).closeReason()).contains(why);
    awaitLogged(peer, why);
  }

  /** A call that follows what was wrong is answered, on the same connection. */
  static void goesOn(RawPeer peer, int id) throws IOException {
    peer.sendBinary(Frames.call(id, id, "echo", "goes on"));
    byte[] answer = peer.next();
    assertThat(Frames.requestIdOf(answer)).isEqualTo(id);
    assertThat(Frames.bodyOf(answer)).isEqualTo("goes on");
  }

  /** For an attack to say that it holds as much of the server's memory as it can. */
  void holdsMost() {
    memory.lookAtHeap();
  }

  /**
   * Attacks once and looks at memory and processor time; then again and again, and looks at how
   * long the other client waits for its answers.
   */
  void survives(int directMebibytes, int heapMebibytes, Attack attack) throws Exception {
    long[] base = underAttack(this::politely);
    long cpuBefore = cpuMillis();
    try (Memory watched = Memory.watch()) {
      memory = watched;
      attack.run();
      memory.lookAtHeap();
    }
    long cpu = cpuMillis() - cpuBefore;
    long[] attacked = underAttack(attack);
    // Each try by itself: code that was still cold in the first, or a processor that was taken,
    // says
    // nothing of the next.
    for (int tries = 1; tries < TRIES && isSlow(base, attacked); tries++) {
      base = underAttack(this::politely);
      attacked = underAttack(attack);
    }
    assertThat(cpu).as(WORK).isLessThan(MOST_CPU_MILLIS);
    check(directMebibytes, heapMebibytes, cpu, base, attacked);
  }

  /**
   * What it is compared with: another client that also works as hard as it can, but keeps to the
   * rules. Attacker and neighbour share the processors with the server, which is not its fault.
   */
  private void politely() throws IOException {
    try (RawPeer peer = peer()) {
      goesOn(peer, 0);
      peer.send(RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8}));
      peer.readClose(1000);
    }
  }

  /** The same for an attack that takes its time: all is looked at while it goes on. */
  void survivesOnce(int directMebibytes, int heapMebibytes, int cpuMillis, Attack attack)
      throws Exception {
    long cpuBeforeBase = cpuMillis();
    long[] base = rounds();
    long cpuBefore = cpuMillis();
    long cpuOfARound = (cpuBefore - cpuBeforeBase) / base.length;
    long[] attacked = new long[0];
    try (Memory watched = Memory.watch()) {
      memory = watched;
      Future<Void> end = attacker.submit(() -> run(attack));
      while (!end.isDone()) {
        attacked = join(attacked, rounds());
      }
      end.get();
      memory.lookAtHeap();
    }
    // Without what the neighbour's calls take, which are as many as fit into the time.
    long cpu = (cpuMillis() - cpuBefore) - attacked.length * cpuOfARound;
    assertThat(cpu).as(WORK).isLessThan(cpuMillis);
    check(directMebibytes, heapMebibytes, cpu, base, attacked);
  }

  private static Void run(Attack attack) throws Exception {
    attack.run();
    return null;
  }

  private void check(
      int directMebibytes, int heapMebibytes, long cpu, long[] base, long[] attacked) {
    logger.info(
        "direct {} MiB, heap {} MiB, event loop {} ms, p99 {} µs, without attack {} µs",
        memory.mostDirect(),
        memory.mostHeap(),
        cpu,
        TimeUnit.NANOSECONDS.toMicros(median(attacked)),
        TimeUnit.NANOSECONDS.toMicros(median(base)));
    assertThat(memory.mostDirect()).as("MiB of direct memory").isLessThanOrEqualTo(directMebibytes);
    assertThat(memory.mostHeap()).as("MiB of heap").isLessThanOrEqualTo(heapMebibytes);
    assertThat(isSlow(base, attacked))
        .as("99th percentile %s ns, without attack %s ns", median(attacked), median(base))
        .isFalse();
  }

  private static boolean isSlow(long[] base, long[] attacked) {
    return median(attacked) >= FACTOR * Math.max(median(base), LEAST_BASE_NANOS);
  }

  private long[] underAttack(Attack attack) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    Callable<Void> attacks =
        () -> {
          while (!enough.get()) {
            attack.run();
          }
          return null;
        };
    Future<Void> end = attacker.submit(attacks);
    long[] rounds;
    try {
      rounds = rounds();
    } finally {
      enough.set(true);
      end.get(60, TimeUnit.SECONDS);
    }
    return rounds;
  }

  /** The leak check is told to look at few buffers meanwhile: to look at all takes most time. */
  private long[] rounds() throws IOException {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      long[] nanos = new long[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        nanos[round] = neighbour.p99Nanos();
      }
      return nanos;
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  private static long[] join(long[] some, long[] more) {
    long[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static long median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Processor time of the event loop. */
  private long cpuMillis() throws Exception {
    List<Long> threads = new ArrayList<>();
    for (EventExecutor loop : oneLoop) {
      threads.add(loop.submit(() -> Thread.currentThread().getId()).get());
    }
    return TimeUnit.NANOSECONDS.toMillis(
        ManagementFactory.getThreadMXBean().getThreadCpuTime(threads.get(0)));
  }

  @Override
  public void close() throws IOException {
    try {
      neighbour.call();
      neighbour.close();
    } finally {
      attacker.shutdownNow();
      server.close();
      oneLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      log.close();
    }
  }
}
