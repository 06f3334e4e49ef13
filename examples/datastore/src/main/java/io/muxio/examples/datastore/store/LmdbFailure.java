package io.muxio.examples.datastore.store;

import java.nio.file.Path;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;

/**
 * Says what LMDB could not do in words that help.
 *
 * @param directory the store's
 * @param maxSize bytes that its file may grow to
 * @param sync when it is forced to the disk
 */
record LmdbFailure(Path directory, long maxSize, SyncPolicy sync) {
  private static final int EIO = 5;
  private static final int ENOMEM = 12;
  private static final int EACCES = 13;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int EDQUOT = 122;

  /**
   * Makes what the user sees of a failure.
   *
   * @param action what was tried: "write", "open"
   * @param cause what was thrown; what is a {@link StoreException} already gets the directory only
   */
  StoreException of(String action, Throwable cause) {
    String reason = ": " + reason(cause);
    return new StoreException(
        "cannot " + action + " " + directory + reason, "cannot " + action + reason, cause);
  }

  private String reason(Throwable cause) {
    if (cause instanceof Env.MapFullException) {
      return mapFull();
    }
    if (cause instanceof LmdbNativeException.PanicException) {
      return "writing failed before in a way that leaves only to close it and open it again";
    }
    if (cause instanceof LmdbNativeException failure) {
      return switch (failure.getResultCode()) {
        case ENOSPC -> diskFull();
        case EIO -> "the disk is full or failing" + whatIsSafe();
        case EDQUOT -> "the user's disk quota is used up" + whatIsSafe();
        case ENOMEM -> "there is no address space for its maximum size; give a smaller one";
        case EACCES -> "the permission is missing";
        case EROFS -> "its file system is read-only";
        default -> "LMDB says: " + failure.getMessage();
      };
    }
    return cause instanceof LmdbException ? "LMDB says: " + cause.getMessage() : describe(cause);
  }

  String diskFull() {
    return "the disk is full" + whatIsSafe();
  }

  /** With the other policies it may be in the kernel's memory only. */
  private String whatIsSafe() {
    return sync.mode() == SyncPolicy.Mode.COMMIT ? "; what was acknowledged is safe" : "";
  }

  String mapFull() {
    return "it has reached its maximum size of "
        + maxSize
        + " bytes; delete entries, or open it with a larger maxSize";
  }

  private static String describe(Throwable cause) {
    if (cause instanceof LinkageError) {
      Throwable root = cause;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return "LMDB's native library cannot be loaded (see java.io.tmpdir): " + root;
    }
    return cause instanceof StoreException ? String.valueOf(cause.getMessage()) : cause.toString();
  }
}
