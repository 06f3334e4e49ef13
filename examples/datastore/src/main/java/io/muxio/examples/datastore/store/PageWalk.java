package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Walks over one tree and checks it against what its head says. */
final class PageWalk {
  /** What the values of the tree are. */
  enum Values {
    /** Anything. */
    ANY,
    /** Heads of further trees. */
    TREES,
    /** Lists of pages. */
    FREE_PAGES
  }

  private static final int NODE_HEADER = 8;
  private static final int BIG_DATA = 1;
  private static final int SUB_DATA = 2;

  private final PageFile file;
  private final PageCheck check;
  private final PageTree tree;
  private final Values values;
  private long branchPages;
  private long leafPages;
  private long overflowPages;
  private long entries;

  PageWalk(PageFile file, PageCheck check, PageTree tree, Values values) {
    this.file = file;
    this.check = check;
    this.tree = tree;
    this.values = values;
  }

  void run() {
    if (tree.root() != PageTree.NONE) {
      check.mark(0, tree.root(), 1);
      visit(tree.root(), 1);
    } else if (tree.depth() != 0) {
      throw file.damaged("tree " + tree.name() + " has no root and depth " + tree.depth());
    }
    compare("branch pages", branchPages, tree.branchPages());
    compare("leaf pages", leafPages, tree.leafPages());
    compare("overflow pages", overflowPages, tree.overflowPages());
    compare("entries", entries, tree.entries());
  }

  private void compare(String what, long found, long expected) {
    if (found != expected) {
      throw file.damaged(
          "tree " + tree.name() + " has " + found + " " + what + " (expected: " + expected + ")");
    }
  }

  private void visit(long number, int depth) {
    ByteBuffer page = file.page(number);
    boolean leaf = depth == tree.depth();
    int expected = leaf ? PageFile.LEAF : PageFile.BRANCH;
    if (page.getLong(0) != number || PageFile.flags(page) != expected || depth > tree.depth()) {
      throw file.damaged(
          "page "
              + number
              + " says that it is page "
              + page.getLong(0)
              + " of kind "
              + PageFile.flags(page)
              + " (expected: kind "
              + expected
              + ")");
    }
    int[] nodes = nodes(number, page);
    checkPlaces(number, page, nodes, leaf);
    checkOrder(number, page, nodes, leaf);
    if (leaf) {
      leafPages++;
      entries += nodes.length;
      for (int node : nodes) {
        visitValue(number, page, node);
      }
    } else {
      branchPages++;
      for (int node : nodes) {
        long child = page.getLong(node) & 0xFFFF_FFFF_FFFFL;
        check.mark(number, child, 1);
        visit(child, depth + 1);
      }
    }
  }

  /** Where the nodes of a page are. A branch has two at least; LMDB insists on it. */
  private int[] nodes(long number, ByteBuffer page) {
    int lower = Short.toUnsignedInt(page.getShort(12));
    int upper = Short.toUnsignedInt(page.getShort(14));
    int count = (lower - PageFile.HEADER) / Short.BYTES;
    boolean branch = PageFile.flags(page) == PageFile.BRANCH;
    int least = branch && values != Values.FREE_PAGES ? 2 : 1;
    if (lower % Short.BYTES != 0 || count < least || lower > upper || upper > page.capacity()) {
      throw file.damaged("page " + number + " has its nodes from " + lower + " and " + upper);
    }
    int[] nodes = new int[count];
    for (int i = 0; i < count; i++) {
      nodes[i] = Short.toUnsignedInt(page.getShort(PageFile.HEADER + i * Short.BYTES));
    }
    return nodes;
  }

  /** The nodes lie one behind the other, from upper to the end, in any order. */
  private void checkPlaces(long number, ByteBuffer page, int[] nodes, boolean leaf) {
    int[] places = nodes.clone();
    Arrays.sort(places);
    int next = Short.toUnsignedInt(page.getShort(14));
    for (int place : places) {
      if (place != next || place + NODE_HEADER > page.capacity()) {
        throw file.damaged(
            "page " + number + " has a node at " + place + " (expected: " + next + ")");
      }
      long size = NODE_HEADER + keySize(page, place) + (leaf ? inlineSize(page, place) : 0);
      size += size % 2;
      if (size > page.capacity() - place) {
        throw file.damaged("page " + number + " has a node of " + size + " bytes at " + place);
      }
      next = place + (int) size;
    }
    if (next != page.capacity()) {
      throw file.damaged("page " + number + " has nodes up to " + next);
    }
  }

  private static int keySize(ByteBuffer page, int node) {
    return Short.toUnsignedInt(page.getShort(node + 6));
  }

  private static int nodeFlags(ByteBuffer page, int node) {
    return Short.toUnsignedInt(page.getShort(node + 4));
  }

  private static long dataSize(ByteBuffer page, int node) {
    return Integer.toUnsignedLong(page.getInt(node));
  }

  private static long inlineSize(ByteBuffer page, int node) {
    return nodeFlags(page, node) == BIG_DATA ? Long.BYTES : dataSize(page, node);
  }

  /** Keys grow from node to node; the first of a branch is not looked at, and may be empty. */
  private void checkOrder(long number, ByteBuffer page, int[] nodes, boolean leaf) {
    for (int i = leaf ? 0 : 1; i < nodes.length; i++) {
      int size = keySize(page, nodes[i]);
      boolean fits =
          values == Values.FREE_PAGES
              ? size == Long.BYTES
              : size > 0 && size <= KeyForm.MAX_LMDB_KEY;
      if (!fits) {
        throw file.damaged("page " + number + " has a key of " + size + " bytes");
      }
      if (i > (leaf ? 0 : 1) && !grows(key(page, nodes[i - 1]), key(page, nodes[i]))) {
        throw file.damaged("page " + number + " has its keys in a wrong order");
      }
    }
  }

  private boolean grows(ByteBuffer left, ByteBuffer right) {
    return values == Values.FREE_PAGES
        ? Long.compareUnsigned(left.getLong(0), right.getLong(0)) < 0
        : MapBuffers.compareUnsigned(left, right) < 0;
  }

  private static ByteBuffer key(ByteBuffer page, int node) {
    return PageFile.slice(page, node + NODE_HEADER, keySize(page, node));
  }

  private void visitValue(long number, ByteBuffer page, int node) {
    int flags = nodeFlags(page, node);
    boolean big = flags == BIG_DATA && values != Values.TREES;
    if (!big && flags != (values == Values.TREES ? SUB_DATA : 0)) {
      throw file.damaged("page " + number + " has a node with flags " + flags);
    }
    int dataAt = node + NODE_HEADER + keySize(page, node);
    long size = dataSize(page, node);
    long first = big ? page.getLong(dataAt) : number;
    int pages = big ? visitOverflow(number, first, size) : 0;
    switch (values) {
      case TREES -> visitTree(number, page, node, dataAt);
      case FREE_PAGES ->
          check.checkFreeList(
              first,
              big
                  ? PageFile.slice(file.pages(first, pages), PageFile.HEADER, (int) size)
                  : PageFile.slice(page, dataAt, (int) size));
      case ANY -> {}
    }
  }

  private void visitTree(long number, ByteBuffer page, int node, int dataAt) {
    if (dataSize(page, node) != PageTree.SIZE) {
      throw file.damaged("page " + number + " has a tree of " + dataSize(page, node) + " bytes");
    }
    String name = StandardCharsets.US_ASCII.decode(key(page, node)).toString();
    check.walkNamed(name, PageFile.slice(page, dataAt, PageTree.SIZE));
  }

  /**
   * The pages may be more than the value needs: LMDB writes a shorter one into those of a longer.
   */
  private int visitOverflow(long number, long first, long size) {
    long needed = (PageFile.HEADER - 1 + size) / file.pageSize() + 1;
    check.mark(number, first, 1);
    ByteBuffer page = file.page(first);
    long pages = Integer.toUnsignedLong(page.getInt(12));
    if (page.getLong(0) != first || PageFile.flags(page) != PageFile.OVERFLOW || pages < needed) {
      throw file.damaged(
          "page " + first + " is not the first of " + needed + " pages with a long value");
    }
    if (pages > 1) {
      check.mark(number, first + 1, pages - 1);
    }
    overflowPages += pages;
    return (int) needed;
  }
}
