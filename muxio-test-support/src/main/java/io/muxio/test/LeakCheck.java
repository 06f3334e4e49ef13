package io.muxio.test;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a {@code ByteBuf} was garbage without having been released. With
 * {@code junit.jupiter.extensions.autodetection.enabled=true} it watches every class.
 */
public final class LeakCheck implements AfterAllCallback {
  /** Made by the service loader. */
  public LeakCheck() {}

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    if (context.getTestClass().map(Class::isMemberClass).orElse(false)) {
      return; // its outer class checks
    }
    List<String> leaks = RecordedLeaks.drain();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size()
              + " buffers leaked in or before "
              + context.getDisplayName()
              + "\n"
              + String.join("\n", leaks));
    }
  }
}
