package io.muxio.netty.server.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Keeps what must never be logged: errors of ours, and what Netty warns of. */
final class ErrorLog extends AppenderBase<ILoggingEvent> {
  /** A handler that throws is an error of the user's, and one of the handlers here does. */
  private static final String HANDLER_FAILED = "{}: {} of {} failed";

  private final Logger ours = (Logger) LoggerFactory.getLogger("io.muxio");
  private final Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  static ErrorLog watching() {
    ErrorLog log = new ErrorLog();
    log.watch(log.ours, Level.ERROR);
    log.watch(log.netty, Level.WARN);
    log.setContext(log.ours.getLoggerContext());
    log.start();
    return log;
  }

  private void watch(Logger logger, Level level) {
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getMessage().equals(HANDLER_FAILED)) {
      String cause =
          event.getThrowableProxy() == null
              ? ""
              : ": "
                  + event.getThrowableProxy().getClassName()
                  + ": "
                  + event.getThrowableProxy().getMessage();
      errors.add(event + cause);
    }
  }

  void check() {
    String error = errors.poll();
    if (error != null) {
      errors.clear();
      throw new AssertionError("logged: " + error);
    }
  }

  @Override
  public void stop() {
    super.stop();
    for (Logger logger : new Logger[] {ours, netty}) {
      logger.detachAppender(this);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
  }
}
