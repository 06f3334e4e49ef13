package io.muxio.interop.client;

import io.muxio.rpc.service.RpcException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs checks against a server, a line for each. They share one connection, so that what one leaves
 * behind can harm the next; after a failure the next starts on a new one.
 */
public final class ClientRun {
  private final ClientArguments arguments;
  private final PrintStream out;
  private @Nullable TestedServer server;
  private boolean anyOk;

  private ClientRun(ClientArguments arguments, PrintStream out) {
    this.arguments = arguments;
    this.out = out;
  }

  /**
   * Runs what a command line chooses.
   *
   * @param arguments those behind {@code client}
   * @param out gets {@code ok NAME} or {@code FAIL NAME why} for each check
   * @return whether all are ok
   * @throws IllegalArgumentException where the arguments are wrong; nothing was checked
   * @throws InterruptedException where the thread was interrupted
   */
  public static boolean run(List<String> arguments, PrintStream out) throws InterruptedException {
    return new ClientRun(ClientArguments.parse(arguments), out).runAll();
  }

  private boolean runAll() throws InterruptedException {
    boolean good = true;
    for (Check check : arguments.checks()) {
      String why = problemOf(check);
      if (why == null) {
        anyOk = true;
        out.println("ok " + check.name());
      } else {
        good = false;
        // What a server says must not begin another line.
        out.println("FAIL " + check.name() + " " + why.replaceAll("\\R", " "));
      }
      out.flush();
    }
    if (server != null) {
      server.close();
    }
    return good;
  }

  /** Whatever the server does, this ends when the check's time is up. */
  private @Nullable String problemOf(Check check) throws InterruptedException {
    TestedServer current = server;
    server = null;
    FutureTask<TestedServer> task = new FutureTask<>(() -> run(check, current));
    Thread thread = new Thread(task, "muxio-interop-" + check.name());
    thread.setDaemon(true);
    thread.start();
    try {
      server = task.get(arguments.limit().toNanos(), TimeUnit.NANOSECONDS);
      return null;
    } catch (TimeoutException e) {
      return "not done after " + arguments.limit().toSeconds() + " s" + hint();
    } catch (ExecutionException e) {
      return described(e);
    } finally {
      thread.interrupt();
    }
  }

  /** A server waits for ever for the rest of what it reads by the rules of the other generation. */
  private String hint() {
    return anyOk
        ? ""
        : "; no check was ok so far: does the server speak --generation "
            + arguments.format().headerSize()
            + "?";
  }

  /** What our own exceptions say is clear without their type. */
  private static String described(ExecutionException failure) {
    Throwable cause = failure;
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean ours = cause instanceof CheckFailure || cause instanceof RpcException;
    return ours ? String.valueOf(cause.getMessage()) : cause.toString();
  }

  /** Gives back the connection, or closes it where the check fails. */
  private TestedServer run(Check check, @Nullable TestedServer current) throws Exception {
    TestedServer connection = current == null ? TestedServer.connect(arguments) : current;
    try {
      check.body().run(connection);
      connection.requireConnected();
      return connection;
    } catch (Throwable e) {
      connection.close();
      throw e;
    }
  }
}
