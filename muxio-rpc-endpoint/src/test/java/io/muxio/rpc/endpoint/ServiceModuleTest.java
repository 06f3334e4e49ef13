package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of a named module, which may keep them to itself. */
class ServiceModuleTest {
  private static final String API =
      """
      package %s;
      public interface Api {
        @io.muxio.rpc.service.RpcName("number")
        int number();
      }
      """;

  @TempDir static Path directory;

  private static ClassLoader loader;

  @BeforeAll
  static void compile() throws Exception {
    Path sources = directory.resolve("sources");
    List<Path> files =
        List.of(
            write(sources, "module-info.java", "module app { exports shown; opens opened; }"),
            write(sources, "shown/Api.java", API.formatted("shown")),
            write(sources, "opened/Api.java", API.formatted("opened")),
            write(sources, "hidden/Api.java", API.formatted("hidden")));
    Path classes = directory.resolve("classes");
    List<String> options =
        List.of(
            "-proc:none",
            "--class-path",
            System.getProperty("java.class.path"),
            "--add-reads",
            "app=ALL-UNNAMED",
            "-d",
            classes.toString());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      assertThat(compiler.getTask(messages, manager, null, options, null, units).call())
          .as(messages::toString)
          .isTrue();
    }
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("app"));
    loader =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(configuration, RpcEndpoint.class.getClassLoader())
            .findLoader("app");
  }

  private static Path write(Path directory, String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static <T> void serve(Class<T> api) {
    Object implementation =
        Proxy.newProxyInstance(loader, new Class<?>[] {api}, (proxy, method, arguments) -> 1);
    RpcEndpoint.builder().service(api, api.cast(implementation));
  }

  @Test
  void aServiceThatItsModuleKeepsToItselfIsRefusedWhenItIsRegistered() throws Exception {
    Class<?> hidden = loader.loadClass("hidden.Api");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> serve(hidden))
        .withMessageStartingWith(
            "hidden.Api cannot be served: package hidden is not exported by module app (expected:"
                + " exports hidden");
  }

  @Test
  void aServiceThatIsExportedOrOpenIsNot() throws Exception {
    Class<?> shown = loader.loadClass("shown.Api");
    Class<?> opened = loader.loadClass("opened.Api");
    assertThatNoException().isThrownBy(() -> serve(shown));
    assertThatNoException().isThrownBy(() -> serve(opened));
  }
}
