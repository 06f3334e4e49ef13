package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Store;
import io.muxio.examples.datastore.store.StoreOptions;
import io.muxio.examples.datastore.store.SyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Where the data is and how it is kept. */
final class StoreOptionsMixin {
  private static final long DEFAULT_MAX_SIZE = StoreOptions.DEFAULT_MAX_SIZE;

  @Option(names = "--data", paramLabel = "DIR", description = "the directory of the data")
  @Nullable Path directory;

  @Option(
      names = "--sync",
      paramLabel = "POLICY",
      defaultValue = "commit",
      converter = SyncConverter.class,
      description = {
        "when writes are forced to the disk:",
        "commit: before they are acknowledged (default);",
        "a time such as 100ms or 2s: so often;",
        "os: when the operating system sees fit.",
        "The death of the process loses nothing acknowledged in any case. With the last two a power"
            + " failure may lose the newest writes, and may damage the store"
      })
  private SyncPolicy sync;

  @Option(
      names = "--max-size",
      paramLabel = "BYTES",
      converter = SizeConverter.class,
      description = "what the data may grow to, such as 100g (default: 1t)")
  private long maxSize = DEFAULT_MAX_SIZE;

  @Option(
      names = "--no-check",
      description =
          "opens without reading the structure of the whole file first, which takes a while for"
              + " hundreds of millions of keys")
  private boolean noCheck;

  Store open(CommandSpec spec, boolean create) throws IOException {
    if (directory == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--data=DIR'");
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return Store.open(
        StoreOptions.builder(directory)
            .sync(sync)
            .maxSize(maxSize)
            .check(!noCheck)
            .create(create)
            .build());
  }

  static final class SyncConverter implements ITypeConverter<SyncPolicy> {
    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,6})(ms|s)");

    @Override
    public SyncPolicy convert(String value) {
      Matcher time = TIME.matcher(value);
      if (time.matches()) {
        long count = Long.parseLong(time.group(1));
        return SyncPolicy.every(
            time.group(2).equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count));
      }
      return switch (value) {
        case "commit" -> SyncPolicy.COMMIT;
        case "os" -> SyncPolicy.OS;
        default ->
            throw new TypeConversionException(
                "'" + value + "' (expected: commit, os, or a time such as 100ms or 2s)");
      };
    }
  }

  static final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})([kmgt]?)");

    @Override
    public Long convert(String value) {
      Matcher size = SIZE.matcher(value);
      if (size.matches()) {
        int exponent = " kmgt".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
        long bytes = Long.parseLong(size.group(1)) << (10 * exponent);
        if (bytes >= StoreOptions.MIN_MAX_SIZE && bytes <= (1L << 46)) {
          return bytes;
        }
      }
      throw new TypeConversionException("'" + value + "' (expected: 1m to 64t, such as 100g)");
    }
  }
}
