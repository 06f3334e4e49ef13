package io.muxio.examples.datastore;

import io.muxio.netty.PemTls;
import io.muxio.netty.client.ClientLimits;
import io.muxio.netty.client.RpcClient;
import io.muxio.netty.client.RpcClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which store a command works on: a directory that no server has open, or a server. */
final class TargetOptionsMixin {
  @Mixin private StoreOptionsMixin stored;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "a running server, such as ws://127.0.0.1:3000/ws, in place of --data")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "with --url: shows the bearer token in this file")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "with a wss:// URL: trusts this authority instead of the JVM's")
  private @Nullable Path authority;

  /** One to write to, which may be new. */
  StoreTarget open(CommandSpec spec) throws IOException {
    return open(spec, true);
  }

  /** One to read: a directory without a store is a mistake. */
  StoreTarget openExisting(CommandSpec spec) throws IOException {
    return open(spec, false);
  }

  private StoreTarget open(CommandSpec spec, boolean create) throws IOException {
    if ((url == null) == (stored.directory == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected behind the command: one of --data (a directory) and --url (a running server)");
    }
    return url == null
        ? new LocalTarget(stored.open(spec, create))
        : new RemoteTarget(connect(builder(url, spec)));
  }

  private static RpcClientBuilder builder(String uri, CommandSpec spec) {
    try {
      return RpcClient.builder(uri);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--url': " + e.getMessage());
    }
  }

  /** A disk or a pipe behind a stream may stand still for as long as the server waits. */
  private RpcClient connect(RpcClientBuilder builder) throws IOException {
    builder.limits(ClientLimits.builder().readerTimeout(Duration.ofDays(1)).build());
    if (tokenFile != null) {
      builder.bearerToken(Tokens.read(tokenFile).get(0));
    }
    if (authority != null) {
      builder.tls(PemTls.client(authority));
    }
    return builder.connect();
  }
}
