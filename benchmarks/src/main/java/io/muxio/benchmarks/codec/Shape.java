package io.muxio.benchmarks.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What is encoded and decoded. The same values on each run. */
public enum Shape {
  /** A {@link Reading}. */
  RECORD,
  /** A {@code double[1000]} of random doubles, which no format can make smaller. */
  DOUBLES,
  /** A list of 1,000 {@link Item}s, as an order or a page of a catalogue has them. */
  LIST;

  private static final int COUNT = 1000;

  static final Reading READING = new Reading(47_110, 1_763_800_000L, 21.375, 198, true);
  static final double[] SAMPLES = new SplittableRandom(1).doubles(COUNT).toArray();
  static final List<Item> ITEMS = items();

  private static List<Item> items() {
    SplittableRandom random = new SplittableRandom(2);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      items.add(new Item(700_000 + i, random.nextInt(60_000), "article " + random.nextInt(10_000)));
    }
    return items;
  }
}
