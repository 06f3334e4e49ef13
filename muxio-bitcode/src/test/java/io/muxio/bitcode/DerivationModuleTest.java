package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a named module, which our module may see only if that module says so. */
class DerivationModuleTest {
  private static final String DECLARATION =
      """
      module app {
        requires io.muxio.bitcode;
        exports shown;
        opens opened to io.muxio.bitcode;
      }
      """;

  private static final String SHOWN =
      """
      package shown;
      import io.muxio.bitcode.*;
      import java.lang.invoke.MethodHandles;
      public record Shown(int number) {
        public static String derive(String name, boolean lookup) throws Exception {
          Class<?> type = Class.forName(name);
          BitcodeCodec<?> codec =
              lookup ? Bitcode.codec(type, MethodHandles.lookup()) : Bitcode.codec(type);
          return codec.decode(new byte[] {4, 7}).toString();
        }
      }
      """;

  @TempDir static Path directory;

  private static Class<?> shown;

  @BeforeAll
  static void compile() throws Exception {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    List<Path> files =
        List.of(
            write(sources, "module-info.java", DECLARATION),
            write(sources, "shown/Shown.java", SHOWN),
            write(sources, "opened/Opened.java", "package opened; record Opened(int number) {}"),
            write(sources, "opened/Large.java", large()),
            write(sources, "closed/Closed.java", "package closed; record Closed(int number) {}"));
    Path classes = directory.resolve("classes");
    Path bitcode = location(BitcodeCodec.class);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--module-path",
              bitcode + System.getProperty("path.separator") + location(NullMarked.class),
              "-d",
              classes.toString());
      assertThat(
              compiler
                  .getTask(
                      messages,
                      manager,
                      null,
                      options,
                      null,
                      manager.getJavaFileObjectsFromPaths(files))
                  .call())
          .as(messages::toString)
          .isTrue();
    }
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(bitcode, classes), ModuleFinder.of(), Set.of("app"));
    ModuleLayer layer =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    shown = layer.findLoader("app").loadClass("shown.Shown");
  }

  @Test
  void openPackagesAndPublicRecords() throws Exception {
    assertThat(derive("opened.Opened", false)).isEqualTo("Opened[number=7]");
    assertThat(derive("shown.Shown", false)).isEqualTo("Shown[number=7]");
  }

  @Test
  void closedPackagesNeedALookup() throws Exception {
    assertThat(derive("closed.Closed", true)).isEqualTo("Closed[number=7]");
    assertThat(derive("opened.Opened", true)).isEqualTo("Opened[number=7]");
    assertThat(derive("closed.Closed", false))
        .isEqualTo(
            "no access to record closed.Closed of module app, expected its package to be open to"
                + " io.muxio.bitcode, or a lookup of its module");
  }

  @Test
  void recordsBeyondAMethodHandle() throws Exception {
    assertThat(derive("opened.Large", false))
        .isEqualTo(
            "record opened.Large has components of 252 places, long and double of two,"
                + " expected at most 250");
  }

  private static String large() {
    return IntStream.range(0, 126)
        .mapToObj(i -> "long a" + i)
        .collect(Collectors.joining(",", "package opened; record Large(", ") {}"));
  }

  /** What the module says, or why it cannot. */
  private static String derive(String type, boolean lookup) throws Exception {
    try {
      return (String)
          shown.getMethod("derive", String.class, boolean.class).invoke(null, type, lookup);
    } catch (InvocationTargetException e) {
      assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
      return e.getCause().getMessage();
    }
  }

  private static Path write(Path directory, String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static Path location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
