package io.muxio.interop.client;

import io.muxio.core.frame.FrameFormat;
import io.muxio.netty.client.RpcClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is checked, and where.
 *
 * @param url of the server
 * @param format the server's wire generation
 * @param checks in the order in which they run
 * @param limit how long each may take
 */
record ClientArguments(String url, FrameFormat format, List<Check> checks, Duration limit) {
  private static final long LONGEST_SECONDS = 3_600;

  /**
   * Reads {@code --url URL --generation 13|21 --suite NAME... --except NAME... --limit SECONDS}.
   *
   * @param arguments of the command line
   * @throws IllegalArgumentException where one is unknown, lacks its value or has a wrong one, or
   *     nothing is left to check
   */
  static ClientArguments parse(List<String> arguments) {
    String url = null;
    FrameFormat format = FrameFormat.GENERATION_13;
    List<String> chosen = List.of("all");
    List<String> left = List.of();
    Duration limit = Duration.ofSeconds(30);
    for (int index = 0; index < arguments.size(); ) {
      String option = arguments.get(index);
      List<String> values = valuesAfter(arguments, index);
      index += 1 + values.size();
      switch (option) {
        case "--url" -> url = single(option, values);
        case "--generation" -> format = formatOf(single(option, values));
        case "--suite" -> chosen = values;
        case "--except" -> left = values;
        case "--limit" -> limit = secondsOf(single(option, values));
        default ->
            throw new IllegalArgumentException(
                "unknown option '"
                    + option
                    + "' (expected: --url, --generation, --suite, --except or --limit)");
      }
      if (values.isEmpty()) {
        throw new IllegalArgumentException(option + " without a value");
      }
    }
    return new ClientArguments(checked(url), format, checks(chosen, left), limit);
  }

  private static List<String> valuesAfter(List<String> arguments, int option) {
    List<String> values = new ArrayList<>();
    for (String word : arguments.subList(option + 1, arguments.size())) {
      if (word.startsWith("--")) {
        break;
      }
      values.add(word);
    }
    return values;
  }

  private static String single(String option, List<String> values) {
    if (values.size() != 1) {
      throw new IllegalArgumentException(
          option + " with " + values.size() + " values (expected: 1)");
    }
    return values.get(0);
  }

  private static String checked(@Nullable String url) {
    if (url == null) {
      throw new IllegalArgumentException("--url: none (expected: such as ws://127.0.0.1:3000/ws)");
    }
    RpcClient.builder(url); // refuses what is no such URL
    return url;
  }

  private static FrameFormat formatOf(String generation) {
    return switch (generation) {
      case "13" -> FrameFormat.GENERATION_13;
      case "21" -> FrameFormat.GENERATION_21;
      default ->
          throw new IllegalArgumentException(
              "--generation " + generation + " (expected: 13 or 21)");
    };
  }

  private static Duration secondsOf(String value) {
    try {
      long seconds = Long.parseLong(value);
      if (seconds >= 1 && seconds <= LONGEST_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // falls through to the same message
    }
    throw new IllegalArgumentException(
        "--limit " + value + " (expected: 1 to " + LONGEST_SECONDS + " seconds)");
  }

  private static List<Check> checks(List<String> chosen, List<String> left) {
    List<Check> checks = Suites.select(chosen, left);
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("--except leaves no check (expected: at least one)");
    }
    return checks;
  }
}
