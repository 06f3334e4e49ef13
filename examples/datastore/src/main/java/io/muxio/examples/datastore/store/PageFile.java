package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * LMDB's data file, read as pages without LMDB. The layout of its version 0.9 on 64-bit machines,
 * in the byte order of the machine:
 *
 * <pre>
 * page    0 number u64 | 8 u16 | 10 flags u16 | 12 lower u16 | 14 upper u16 | 16 ...
 *         overflow: 12 pages u32
 *         branch and leaf: from 16 to lower places of nodes u16, from upper to the end nodes
 * meta    16 magic u32 | 20 version u32 | 24 address u64 | 32 map size u64
 *         40 tree of free pages | 88 main tree | 136 last page u64 | 144 transaction u64
 * tree    0 page size u32 (that of free pages) | 4 flags u16 | 6 depth u16 | 8 branch pages u64
 *         16 leaf pages u64 | 24 overflow pages u64 | 32 entries u64 | 40 root u64, -1 for none
 * node    leaf:   0 data size u32 | 4 flags u16 | 6 key size u16 | 8 key | data, or the number u64
 *                 of the first overflow page where flag 1 is set
 *         branch: 0 child u48 | 6 key size u16 | 8 key
 * </pre>
 */
final class PageFile implements AutoCloseable {
  static final int HEADER = 16;
  static final int BRANCH = 1;
  static final int LEAF = 2;
  static final int OVERFLOW = 4;
  static final int META = 8;

  private static final int MAGIC = 0xBEEFC0DE;
  private static final int VERSION = 1;
  private static final int MIN_PAGE_SIZE = 512;
  private static final int MAX_PAGE_SIZE = 32_768;
  private static final int META_SIZE = 152;
  private static final int FREE_TREE_AT = 40;
  private static final int MAIN_TREE_AT = 88;
  private static final int LAST_PAGE_AT = 136;
  private static final int TRANSACTION_AT = 144;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final int pageSize;
  private final ByteBuffer meta;

  private PageFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    ByteBuffer first = read(0, META_SIZE);
    this.pageSize = first.getInt(FREE_TREE_AT);
    if (pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE || Integer.bitCount(pageSize) != 1) {
      throw damaged("page 0: its pages have " + pageSize + " bytes (expected: a power of two)");
    }
    ByteBuffer second = read(pageSize, META_SIZE);
    checkMeta(first, 0);
    checkMeta(second, 1);
    // As LMDB chooses: the first where both are equal.
    this.meta = first.getLong(TRANSACTION_AT) < second.getLong(TRANSACTION_AT) ? second : first;
    checkLength();
  }

  /**
   * Opens a file and checks its meta pages and its length, which LMDB would not survive being
   * wrong.
   *
   * @throws StoreException where the file is damaged
   */
  static PageFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new PageFile(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void checkMeta(ByteBuffer page, int number) {
    if (page.getLong(0) != number || flags(page) != META) {
      throw damaged("page " + number + " is not a meta page");
    }
    if (page.getInt(16) != MAGIC) {
      throw damaged("page " + number + " is not of LMDB");
    }
    if (page.getInt(20) != VERSION) {
      throw damaged(
          "page " + number + " is of version " + page.getInt(20) + " (expected: " + VERSION + ")");
    }
    if (page.getInt(FREE_TREE_AT) != pageSize) {
      throw damaged("page " + number + " tells another page size than page 0");
    }
  }

  private void checkLength() {
    long last = lastPage();
    if (last < 1 || last >= Long.MAX_VALUE / pageSize - 1) {
      throw damaged("its last page is " + last);
    }
  }

  /**
   * Whether pages at the end are missing. LMDB does not write a page that the same transaction has
   * given up again, so that they may be free, and all is well.
   */
  boolean isShort() {
    return size / pageSize <= lastPage();
  }

  /** Checks that the pages can be counted by who wants to look at all. */
  void requireLastPageBelow(int limit) {
    if (lastPage() >= limit && isShort()) {
      throw damaged("its last page is " + lastPage() + ", and it has " + size + " bytes");
    }
    if (lastPage() >= limit) {
      throw new StoreException(
          path
              + " cannot be checked: its last page is "
              + lastPage()
              + " (expected: less than "
              + limit
              + "); open it without the check (--no-check)");
    }
  }

  /** Checks that a page in use is in the file. */
  void requireThere(long page) {
    if ((page + 1) * pageSize > size) {
      throw damaged(
          "it has "
              + size
              + " bytes (expected: "
              + (page + 1) * pageSize
              + " at least), its end is missing");
    }
  }

  int pageSize() {
    return pageSize;
  }

  long lastPage() {
    return meta.getLong(LAST_PAGE_AT);
  }

  /** The tree of the pages that are free, as {@link PageTree} reads it. */
  ByteBuffer freeTree() {
    return slice(meta, FREE_TREE_AT, PageTree.SIZE);
  }

  ByteBuffer mainTree() {
    return slice(meta, MAIN_TREE_AT, PageTree.SIZE);
  }

  static ByteBuffer slice(ByteBuffer buffer, int at, int length) {
    return buffer.slice(at, length).order(buffer.order());
  }

  /** A page whose number has been checked to be within the file. */
  ByteBuffer page(long number) {
    return pages(number, 1);
  }

  ByteBuffer pages(long number, int count) {
    try {
      return read(number * pageSize, count * pageSize);
    } catch (IOException e) {
      throw new StoreException("cannot read page " + number + " of " + path + ": " + e, e);
    }
  }

  static int flags(ByteBuffer page) {
    return Short.toUnsignedInt(page.getShort(10));
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw damaged("it ends at byte " + size);
      }
    }
    return bytes.flip();
  }

  StoreException damaged(String what) {
    return new StoreException(
        path + " is damaged: " + what + "; nothing was changed; restore a backup or an export");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
