package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreException;
import io.muxio.rpc.service.RpcException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;

/** What a command says where it fails: a line for what can happen, a stack trace for a bug. */
final class Complaint {
  private Complaint() {}

  static void print(Throwable failure, PrintWriter errors) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof FileSystemException file) {
      errors.println(file.getFile() + ": " + reason(file));
    } else if (cause instanceof CharacterCodingException) {
      errors.println("a file of text is not UTF-8: " + cause.getMessage());
    } else if (cause instanceof IOException
        || cause instanceof StoreException
        || cause instanceof RpcException
        || cause instanceof IllegalArgumentException) {
      errors.println(cause.getMessage());
    } else {
      cause.printStackTrace(errors);
    }
    errors.flush();
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "is no directory";
    }
    return failure.getReason() == null ? failure.toString() : failure.getReason();
  }
}
