package io.muxio.netty.server;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Writes down what servers log: all of how connections begin, warnings and errors of the rest. */
final class ServerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger all = (Logger) LoggerFactory.getLogger("io.muxio");
  private final Logger beginnings = (Logger) LoggerFactory.getLogger(RpcServer.class);

  private ServerLog() {}

  static ServerLog record() {
    ServerLog log = new ServerLog();
    log.setContext(log.all.getLoggerContext());
    log.start();
    log.all.setLevel(Level.WARN);
    log.all.setAdditive(false);
    log.all.addAppender(log);
    log.beginnings.setLevel(Level.DEBUG);
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getLevel() + " " + event.getFormattedMessage());
  }

  /** The lines that name a client. */
  List<String> of(String client) {
    return lines.stream().filter(line -> line.contains(client + ":")).toList();
  }

  /** Forgets what was said of a client that had the same port before. */
  void forget(String client) {
    lines.removeIf(line -> line.contains(client + ":"));
  }

  /** Waits for a line that names a client and says something of it. */
  void awaitLine(String client, String text) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> of(client), of -> of.stream().anyMatch(line -> line.contains(text)));
  }

  @Override
  public void close() {
    all.detachAppender(this);
    all.setLevel(null);
    all.setAdditive(true);
    beginnings.setLevel(null);
    stop();
  }
}
