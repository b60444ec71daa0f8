package dev.mlinfra.tests;

import dev.mlinfra.infra.aws.Environments;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.testkit.CdkFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/** The three environments of this repository, synthesised under the flags of cdk.json. */
final class Synthesis {
  static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));

  private static Path assembly;

  private Synthesis() {}

  /** The three environments; synthesised once for all tests. */
  static synchronized Path assembly() {
    if (assembly == null) {
      assembly = synthesise(app -> {});
    }
    return assembly;
  }

  /** The model of the three environments; a stack is called as in {@code dev/Data}. */
  static Model model() {
    return Models.read(assembly());
  }

  /** Synthesises into a folder of its own and gives that folder. */
  static Path synthesise(Consumer<App> change) {
    return synthesise(folder(), change);
  }

  /** Synthesises into a folder, after a change of the app. */
  static Path synthesise(Path folder, Consumer<App> change) {
    App app = new App(AppProps.builder().context(flags()).outdir(folder.toString()).build());
    Environments.addTo(app, ROOT.resolve("environments"));
    change.accept(app);
    app.synth();
    return folder;
  }

  /** A new folder that goes with mvn clean. */
  static Path folder() {
    try {
      return Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "cdk.out");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The flags of cdk.json, as the CDK CLI hands them over. */
  static Map<String, Object> flags() {
    return CdkFlags.from(ROOT.resolve("cdk.json"));
  }

  /** The texts of an assembly's files with an ending, by file. */
  static Map<String, String> texts(Path assembly, String ending) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(assembly)) {
      for (Path file : files.filter(path -> path.toString().endsWith(ending)).toList()) {
        texts.put(assembly.relativize(file).toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }
}
