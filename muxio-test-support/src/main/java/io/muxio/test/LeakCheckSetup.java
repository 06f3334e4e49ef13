package io.muxio.test;

import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Sets the recording leak detector before the first buffer class is loaded. */
public final class LeakCheckSetup implements LauncherSessionListener {
  /** Made by the service loader. */
  public LeakCheckSetup() {}

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordedLeaks.Factory());
  }
}
