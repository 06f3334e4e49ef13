package io.muxio.core.frame;

import java.util.function.IntPredicate;

/**
 * The half of the 32-bit ids that one end allocates, so that the two ends never choose the same: a
 * server's have the high bit set, a client's have it clear.
 */
public enum IdSpace {
  /** Ids of a client: 0 to 2^31 - 1. */
  CLIENT(0),
  /** Ids of a server: 2^31 to 2^32 - 1. */
  SERVER(0x8000_0000);

  private static final int COUNTER_MASK = 0x7fff_ffff;

  private final int marker;

  IdSpace(int marker) {
    this.marker = marker;
  }

  /**
   * Whether an id is of this half.
   *
   * @param id an unsigned number
   * @return true for an id that this end allocates
   */
  public boolean contains(int id) {
    return (id & ~COUNTER_MASK) == marker;
  }

  /**
   * Makes a counter over this half.
   *
   * @param first where it starts; the high bit is put right
   * @return a counter that wraps within this half
   */
  public Counter counter(int first) {
    return new Counter(this, first & COUNTER_MASK);
  }

  /** Hands out the ids of one half in turn, wraps, and skips those in use. One thread only. */
  public static final class Counter {
    private final IdSpace space;
    private int next;

    private Counter(IdSpace space, int next) {
      this.space = space;
      this.next = next;
    }

    /**
     * The next free id.
     *
     * @param inUse tells whether an id is taken; at least one id of the half must be free
     * @return an id that is not in use
     */
    public int next(IntPredicate inUse) {
      int id;
      do {
        id = next | space.marker;
        next = (next + 1) & COUNTER_MASK;
      } while (inUse.test(id));
      return id;
    }
  }
}
