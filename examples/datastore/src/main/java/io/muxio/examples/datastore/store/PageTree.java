package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;

/**
 * What LMDB says about one tree, in 48 bytes; drawn at {@link PageFile}.
 *
 * @param name for messages
 * @param flags kinds of keys and values
 * @param depth pages from the root to a leaf
 * @param branchPages pages of branches
 * @param leafPages pages of leaves
 * @param overflowPages pages of long values
 * @param entries entries
 * @param root the root's page, {@link #NONE} for an empty tree
 */
record PageTree(
    String name,
    int flags,
    int depth,
    long branchPages,
    long leafPages,
    long overflowPages,
    long entries,
    long root) {
  static final int SIZE = 48;
  static final long NONE = -1;

  static PageTree parse(String name, ByteBuffer source) {
    return new PageTree(
        name,
        Short.toUnsignedInt(source.getShort(4)),
        Short.toUnsignedInt(source.getShort(6)),
        source.getLong(8),
        source.getLong(16),
        source.getLong(24),
        source.getLong(32),
        source.getLong(40));
  }
}
