package io.muxio.interop.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The checks by the suites that they form. */
final class Suites {
  private static final String ALL = "all";

  private Suites() {}

  /**
   * The checks that names stand for, in the order of the suites.
   *
   * @param chosen names of suites and of single checks
   * @param left names of suites and of single checks that are left out of these
   * @throws IllegalArgumentException where a name stands for nothing
   */
  static List<Check> select(List<String> chosen, List<String> left) {
    Map<String, List<Check>> suites = new LinkedHashMap<>();
    suites.put("basic", concat(BasicChecks.all(), FailureChecks.all()));
    suites.put("stream", concat(StreamChecks.all(), BurstChecks.all()));
    suites.put("bidi", BidiChecks.all());

    requireKnown("--suite", chosen, suites);
    requireKnown("--except", left, suites);
    List<Check> selected = new ArrayList<>();
    suites.forEach(
        (suite, checks) -> {
          for (Check check : checks) {
            if (names(chosen, suite, check) && !names(left, suite, check)) {
              selected.add(check);
            }
          }
        });
    return selected;
  }

  private static void requireKnown(
      String option, List<String> names, Map<String, List<Check>> suites) {
    for (String name : names) {
      boolean isSuite = name.equals(ALL) || suites.containsKey(name);
      Stream<Check> checks = suites.values().stream().flatMap(List::stream);
      if (!isSuite && checks.noneMatch(check -> check.name().equals(name))) {
        throw new IllegalArgumentException(
            option
                + " "
                + name
                + " (expected: all, "
                + String.join(", ", suites.keySet())
                + ", or the name of a check)");
      }
    }
  }

  private static boolean names(List<String> names, String suite, Check check) {
    return names.contains(ALL) || names.contains(suite) || names.contains(check.name());
  }

  private static List<Check> concat(List<Check> first, List<Check> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
