package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes the files of a store for its owner alone, where the file system knows owners, and writes to
 * none that is a symbolic link: it would be another's file.
 */
final class PrivateFiles {
  /** The permissions of LMDB's files. */
  static final int MODE = 0600;

  private PrivateFiles() {}

  /** Makes a directory and those above it, where they are missing. */
  static void makeDirectory(Path directory) throws IOException {
    Files.createDirectories(directory, permissions(directory, "rwx------"));
  }

  /**
   * Opens a file to read and write, and makes it where it is missing.
   *
   * @throws StoreException where it is a symbolic link
   */
  static FileChannel open(Path file) throws IOException {
    requireNoLink(file);
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, options, permissions(file, "rw-------"));
  }

  static void requireNoLink(Path file) {
    if (Files.isSymbolicLink(file)) {
      throw new StoreException(file + " is a symbolic link (expected: a file of the store's own)");
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
