package io.muxio.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportTest {
  /** What a user gets who leaves jars of Netty out, by their names. */
  @ParameterizedTest
  @CsvSource({
    "netty-transport-classes-io_uring, IO_URING",
    "netty-transport-classes-epoll, EPOLL",
    "netty-transport-native-epoll, EPOLL",
    "netty-transport-native-unix-common, EPOLL",
  })
  void whatIsLeftOutIsNotAvailable(String leftOut, String transport) throws Exception {
    try (URLClassLoader loader = without(leftOut)) {
      Class<?> type = loader.loadClass(Transport.class.getName());
      assertThat(isAvailable(type, transport)).isFalse();
      assertThat(isAvailable(type, transport)).as("asked again").isFalse();
      assertThat(isAvailable(type, "NIO")).isTrue();
      assertThat(type.getMethod("best").invoke(null).toString()).isNotEqualTo(transport);
    }
  }

  @Test
  void withoutAnyNativeTransportThereIsNio() throws Exception {
    try (URLClassLoader loader = without("netty-transport-classes-")) {
      Class<?> type = loader.loadClass(Transport.class.getName());
      Object best = type.getMethod("best").invoke(null);
      assertThat(best).hasToString("NIO");
      Object group =
          type.getMethod("newGroup", int.class, String.class, boolean.class)
              .invoke(best, 1, "nio", true);
      Class<?> groupType = loader.loadClass("io.netty.channel.EventLoopGroup");
      assertThat(type.getMethod("of", groupType).invoke(null, group)).isSameAs(best);
      groupType.getMethod("shutdownGracefully").invoke(group);
    }
  }

  private static boolean isAvailable(Class<?> type, String name) throws Exception {
    for (Object transport : type.getEnumConstants()) {
      if (transport.toString().equals(name)) {
        return (boolean) type.getMethod("isAvailable").invoke(transport);
      }
    }
    throw new AssertionError(name);
  }

  /** Loads everything anew, but for the JDK. */
  private static URLClassLoader without(String leftOut) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    int missing = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (new File(entry).getName().startsWith(leftOut)) {
        missing++;
      } else {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(missing).as("jars like " + leftOut).isPositive();
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void aUnixSocketsPathIsWithinItsRoom() {
    Path fits = Path.of("/" + "x".repeat(106));
    assertThat(Transport.unixAddress(fits).getPath()).isEqualTo(fits);
    assertThatThrownBy(() -> Transport.unixAddress(Path.of("/" + "é".repeat(53) + "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("108 bytes (expected: 1 to 107");
  }
}
