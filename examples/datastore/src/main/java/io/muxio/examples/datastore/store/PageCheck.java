package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Looks at every page that LMDB could touch before LMDB does, which ends the process where it finds
 * one that cannot be. Long values are not read: their checksums are checked when they are. It goes
 * as far as a {@link BitSet}: 8 TiB with pages of 4 KiB.
 */
final class PageCheck {
  private static final int MAX_DEPTH = 32;
  private static final int INTEGER_KEYS = 8;

  private final PageFile file;
  private final BitSet seen = new BitSet();

  private PageCheck(PageFile file) {
    this.file = file;
  }

  /**
   * Checks a data file that nobody writes.
   *
   * @param path the file
   * @param allPages whether to walk over all pages; else only the meta pages, unless pages are
   *     missing at the end
   * @throws StoreException where the file is damaged
   */
  static void check(Path path, boolean allPages) throws IOException {
    try (PageFile file = PageFile.open(path)) {
      PageCheck check = new PageCheck(file);
      PageTree free = PageTree.parse("free pages", file.freeTree());
      PageTree main = PageTree.parse("main", file.mainTree());
      check.checkFlags(free, INTEGER_KEYS);
      check.checkFlags(main, 0);
      if (allPages || file.isShort()) {
        file.requireLastPageBelow(Integer.MAX_VALUE);
        check.walk(main, PageWalk.Values.TREES);
        check.walk(free, PageWalk.Values.FREE_PAGES);
      }
    }
  }

  private void checkFlags(PageTree tree, int expected) {
    if (tree.flags() != expected) {
      throw file.damaged(
          "tree " + tree.name() + " has flags " + tree.flags() + " (expected: " + expected + ")");
    }
  }

  private void walk(PageTree tree, PageWalk.Values values) {
    if (tree.depth() > MAX_DEPTH) {
      throw file.damaged(
          "tree "
              + tree.name()
              + " has depth "
              + tree.depth()
              + " (expected: at most "
              + MAX_DEPTH
              + ")");
    }
    new PageWalk(file, this, tree, values).run();
  }

  /** A value of the main tree is a tree. */
  void walkNamed(String name, ByteBuffer data) {
    PageTree tree = PageTree.parse(name, data);
    checkFlags(tree, 0);
    walk(tree, PageWalk.Values.ANY);
  }

  /**
   * Checks a list of pages that may be written again: its length, then the pages, each less than
   * the one before. The list in its own pages has been marked by then, so that it cannot name
   * itself.
   */
  void checkFreeList(long page, ByteBuffer list) {
    long count = list.remaining() < Long.BYTES ? -1 : list.getLong(0);
    if (count < 0 || count > (list.remaining() - Long.BYTES) / Long.BYTES) {
      throw file.damaged("page " + page + " lists " + count + " free pages and is too short");
    }
    long before = Long.MAX_VALUE;
    for (int i = 1; i <= count; i++) {
      long free = list.getLong(i * Long.BYTES);
      if (free >= before) {
        throw file.damaged("page " + page + " lists free page " + free + " in a wrong order");
      }
      markFree(page, free, 1);
      before = free;
    }
  }

  /** Notes that pages are in use by one page. */
  void mark(long by, long first, long count) {
    markFree(by, first, count);
    file.requireThere(first + count - 1);
  }

  private void markFree(long by, long first, long count) {
    if (first < 2 || count < 1 || first > file.lastPage() - count + 1) {
      throw file.damaged(
          "page " + by + " refers to page " + first + " (expected: 2 to " + file.lastPage() + ")");
    }
    int from = Math.toIntExact(first);
    int used = seen.nextSetBit(from);
    if (used >= 0 && used < from + count) {
      throw file.damaged("page " + by + " refers to page " + used + ", which is in use already");
    }
    seen.set(from, from + (int) count);
  }
}
