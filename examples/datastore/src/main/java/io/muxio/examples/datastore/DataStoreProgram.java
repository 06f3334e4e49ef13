package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Store;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: the server, and the commands that look after its data. */
@Command(
    name = "datastore",
    mixinStandardHelpOptions = true,
    version = "datastore 0.1.0",
    description = "Serves a key-value store to the clients of SIMD R Drive, until it is stopped.",
    subcommands = {
      ImportCommand.class,
      ExportCommand.class,
      StatsCommand.class,
      VerifyCommand.class,
      PutCommand.class,
      GetCommand.class,
      DeleteCommand.class
    })
public final class DataStoreProgram implements Callable<Integer> {
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;
  @Mixin private StoreOptionsMixin stored;
  @Mixin private ServerOptionsMixin served;

  DataStoreProgram() {}

  /**
   * Runs the program.
   *
   * @param arguments see {@code --help}; exits with 0, with 1 where something failed, with 2 where
   *     the arguments are wrong
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new DataStoreProgram())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a key may begin with @
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof ParameterException) {
                throw failure;
              }
              Complaint.print(failure, command.getErr());
              return FAILED;
            });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Store store = stored.open(spec, true);
    RpcServer server;
    try {
      server = served.start(store);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, store), "datastore-stop"));
    PrintWriter output = spec.commandLine().getOut();
    output.println(served.listeningOn(server));
    output.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  /** First the calls that are running, then what they have written. */
  private static void stop(RpcServer server, Store store) {
    server.close();
    store.close();
  }
}
