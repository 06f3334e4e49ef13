package io.muxio.testkit.hunt;

import io.muxio.testkit.contract.PairOptions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Calls that two ends make of each other, all of the first ones at once.
 *
 * @param options of both ends
 * @param first the calls that nobody else makes
 */
record Program(PairOptions options, List<Step> first) {
  /** All calls, those that handlers make included. */
  List<Step> all() {
    return first.stream().flatMap(Program::withChildren).toList();
  }

  private static Stream<Step> withChildren(Step step) {
    return Stream.concat(Stream.of(step), step.children().stream().flatMap(Program::withChildren));
  }

  @Override
  public String toString() {
    return options + first.stream().map(step -> "\n  " + step).collect(Collectors.joining());
  }
}
