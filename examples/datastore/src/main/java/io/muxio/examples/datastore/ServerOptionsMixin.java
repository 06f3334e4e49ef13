package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Store;
import io.muxio.netty.PemTls;
import io.muxio.netty.server.BearerTokens;
import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.netty.server.ServerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where and whom the server serves. */
final class ServerOptionsMixin {
  /** Well below the time after which process managers kill. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  @Option(
      names = "--host",
      paramLabel = "H",
      defaultValue = "127.0.0.1",
      description = "a name or an address to listen on (default: ${DEFAULT-VALUE})")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "3000",
      converter = PortConverter.class,
      description = "0 for any free port (default: ${DEFAULT-VALUE})")
  private int port;

  @ArgGroup(exclusive = false)
  private @Nullable Tls tls;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "lets in only who shows one of the bearer tokens in this file, one a line. The published"
              + " clients have none to show")
  private @Nullable Path tokenFile;

  /** Both or none. */
  private static final class Tls {
    @Option(
        names = "--tls-cert",
        required = true,
        paramLabel = "FILE",
        description = "serves wss:// with this certificate chain, in PEM")
    private Path certificates;

    @Option(
        names = "--tls-key",
        required = true,
        paramLabel = "FILE",
        description = "its private key, PKCS #8 in PEM, without a password")
    private Path key;
  }

  RpcServer start(Store store) throws IOException {
    RpcServerBuilder builder =
        RpcServer.builder()
            .bind(host, port)
            .limits(ServerLimits.builder().drainTimeout(DRAIN_TIMEOUT).build())
            .service(DataStore.class, new ValueService(store))
            .service(DataStoreAdmin.class, new AdminService(store));
    new StreamService(store).serveOn(builder);
    if (tls != null) {
      builder.tls(PemTls.server(tls.certificates, tls.key));
    }
    if (tokenFile != null) {
      builder.authenticator(BearerTokens.of(principals(Tokens.read(tokenFile))));
    }
    return builder.build().start();
  }

  static final class PortConverter implements ITypeConverter<Integer> {
    private static final int MAX_PORT = 65_535;

    @Override
    public Integer convert(String value) {
      if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= MAX_PORT) {
        return Integer.valueOf(value);
      }
      throw new TypeConversionException("'" + value + "' (expected: 0 to 65535)");
    }
  }

  private static Map<String, Principal> principals(Iterable<String> tokens) {
    Map<String, Principal> principals = new HashMap<>();
    for (String token : tokens) {
      String name = "token " + (principals.size() + 1);
      principals.put(token, () -> name);
    }
    return principals;
  }

  String listeningOn(RpcServer server) {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    String scheme = tls == null ? "ws" : "wss";
    return "listening on " + scheme + "://" + shown + ":" + server.address().getPort() + "/ws";
  }
}
