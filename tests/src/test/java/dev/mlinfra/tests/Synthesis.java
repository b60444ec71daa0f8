package dev.mlinfra.tests;

import dev.mlinfra.infra.aws.Environments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The three environments of this repository, synthesised under the flags of cdk.json. */
final class Synthesis {
  static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));

  private static Map<String, JsonNode> templates;

  private Synthesis() {}

  /** Templates by stack, such as {@code dev/Data}; synthesised once for all tests. */
  static synchronized Map<String, JsonNode> templates() {
    if (templates == null) {
      templates = templates(synthesise(app -> {}));
    }
    return templates;
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
    Map<String, Object> flags = new LinkedHashMap<>();
    JsonMapper.shared()
        .readTree(ROOT.resolve("cdk.json"))
        .path("context")
        .properties()
        .forEach(
            entry ->
                flags.put(
                    entry.getKey(),
                    JsonMapper.shared().treeToValue(entry.getValue(), Object.class)));
    return flags;
  }

  /** Templates of an assembly by stack. */
  static Map<String, JsonNode> templates(Path assembly) {
    Map<String, JsonNode> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(assembly)) {
      files
          .filter(file -> file.toString().endsWith(".template.json"))
          .forEach(file -> found.put(displayName(file), JsonMapper.shared().readTree(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
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

  private static String displayName(Path template) {
    String artifact = template.getFileName().toString().replace(".template.json", "");
    return JsonMapper.shared()
        .readTree(template.resolveSibling("manifest.json"))
        .path("artifacts")
        .path(artifact)
        .path("displayName")
        .asString();
  }
}
