package io.muxio.netty.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a unix socket, which outlives the process that bound it: takes the place of one that
 * is dead, and leaves one that is another's alone. Used by one thread at a time.
 */
final class SocketFile {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private static final int TYPE_MASK = 0xf000;
  private static final int SOCKET_TYPE = 0xc000;

  private final UnixDomainSocketAddress address;
  private final Path path;
  private final @Nullable Set<PosixFilePermission> permissions;

  /** Which file it is that was bound, whatever is renamed or deleted later. */
  private @Nullable Object key;

  /**
   * The file of a socket that is yet to be bound.
   *
   * @param address its path
   * @param permissions that it is to have, or null for those that the umask leaves
   */
  SocketFile(UnixDomainSocketAddress address, @Nullable Set<PosixFilePermission> permissions) {
    this.address = address;
    this.path = address.getPath();
    this.permissions = permissions;
  }

  /** Binds the socket. */
  interface Binding {
    void bind() throws IOException;
  }

  /**
   * Deletes what a process left behind that did not close its socket, and binds. One after the
   * other, in all processes: native transports delete whatever has the name before they bind, so
   * several that start at once would each take the name from the one before.
   */
  void bindBy(Binding binding) throws IOException {
    if (path.getParent() != null && !Files.isDirectory(path.getParent())) {
      throw new IOException("No such file or directory");
    }
    synchronized (SocketFile.class) { // file locks are the whole process's
      while (!bindIfLocked(path.resolveSibling(path.getFileName() + ".lock"), binding)) {
        // whoever had the lock has deleted its file meanwhile
      }
    }
  }

  private boolean bindIfLocked(Path lockFile, Binding binding) throws IOException {
    String mine = UUID.randomUUID().toString();
    try (FileChannel channel =
            FileChannel.open(
                lockFile,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.lock()) {
      channel.truncate(0).write(StandardCharsets.US_ASCII.encode(mine));
      if (!lock.isValid() || !isIn(lockFile, mine)) {
        return false;
      }
      try {
        makeRoom();
        binding.bind();
      } finally {
        Files.deleteIfExists(lockFile);
      }
      return true;
    }
  }

  private static boolean isIn(Path file, String text) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).equals(text);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void makeRoom() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket()) {
      throw new IOException("the file exists and is no socket");
    }
    if (isServed()) {
      throw new IOException("somebody listens on it");
    }
    logger.info("unix:{}: replaced, nobody listened on it", path);
    Files.deleteIfExists(path);
  }

  private boolean isSocket() throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
        && (mode & TYPE_MASK) == SOCKET_TYPE;
  }

  private boolean isServed() throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false); // a full backlog would block it
      probe.connect(address);
      return true;
    } catch (ConnectException e) {
      return false; // refused
    }
  }

  /** The socket is bound. */
  void bound() throws IOException {
    key = keyNow();
    if (permissions != null) {
      try {
        Files.setPosixFilePermissions(path, permissions);
      } catch (UnsupportedOperationException e) {
        throw new IOException("the file system knows no permissions", e);
      }
    }
  }

  private Object keyNow() throws IOException {
    BasicFileAttributes now =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object fileKey = now.fileKey();
    return fileKey == null ? now.creationTime() : fileKey; // Windows has no keys
  }

  /**
   * Closes the socket, with which Netty deletes the file by its name, whosever it is by then.
   *
   * @param close closes it
   */
  void closeAround(Runnable close) {
    Path kept = setAside();
    close.run();
    if (kept != null) {
      putBack(kept);
    }
  }

  /** Where another server's file is now, or null where there is none. */
  private @Nullable Path setAside() {
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || keyNow().equals(key)) {
        return null;
      }
      return Files.move(path, path.resolveSibling("." + UUID.randomUUID()));
    } catch (IOException e) {
      logger.warn("unix:{}: another server's socket is deleted: {}", path, e.toString());
      return null;
    }
  }

  private void putBack(Path kept) {
    try {
      Files.move(kept, path);
    } catch (IOException e) {
      logger.warn("unix:{}: another server's socket is left at {}", path, kept, e);
    }
  }
}
