package dev.mlinfra.policy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The templates that the tests of the whole gate look at. */
final class Examples {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));

  private Examples() {}

  /** The files of one kind of examples, {@code good} or {@code bad}. */
  static List<Path> files(String kind) {
    try (Stream<Path> files = Files.list(file(kind))) {
      return files.filter(file -> file.toString().matches(".*\\.(yaml|json)")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One file beside the examples. */
  static Path file(String name) {
    try {
      return Path.of(Examples.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a file is called, without its ending. */
  static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
  }

  /** The good examples by name, each as all that its program deploys. */
  static Map<String, Model> good() {
    Map<String, Model> models = new TreeMap<>();
    for (Path file : files("good")) {
      models.put(name(file), Edits.whole(Models.read(file)));
    }
    return models;
  }

  /** What this repository deploys, by environment: the snapshots of all its templates. */
  static Map<String, Model> own() {
    Map<String, Model> models = new TreeMap<>();
    Path snapshots = ROOT.resolve("tests/src/test/resources/snapshots");
    try (Stream<Path> folders = Files.list(snapshots)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        Map<String, Model> stacks = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.sorted().toList()) {
            stacks.put(folder.getFileName() + "/" + name(file), Models.read(file));
          }
        }
        models.put(folder.getFileName().toString(), Edits.joined(stacks));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return models;
  }
}
