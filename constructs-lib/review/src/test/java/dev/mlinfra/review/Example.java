package dev.mlinfra.review;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A small assembly with data, training and prediction, of which tests change single places. */
final class Example {
  private static final Path BASE = Path.of("src/test/resources/base");
  private static final List<String> FILES =
      List.of(
          "manifest.json",
          "Data.template.json",
          "Training.template.json",
          "Prediction.template.json");

  private final Path folder;

  private Example(Path folder) {
    this.folder = folder;
  }

  /** A copy of the assembly, in a folder of its own. */
  static Example in(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String file : FILES) {
        Files.copy(BASE.resolve(file), folder.resolve(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Example(folder);
  }

  static Model base() {
    return Models.read(BASE);
  }

  Model model() {
    return Models.read(folder);
  }

  /** Changes the text of a file. */
  Example text(String file, UnaryOperator<String> change) {
    Path path = folder.resolve(file);
    try {
      String before = Files.readString(path);
      String after = change.apply(before);
      if (after.equals(before)) {
        throw new IllegalStateException("nothing changed in " + file);
      }
      Files.writeString(path, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Changes the resources of a stack. */
  Example resources(String stack, Consumer<ObjectNode> change) {
    return text(
        stack + ".template.json",
        json -> {
          ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
          change.accept((ObjectNode) root.get("Resources"));
          return JsonMapper.shared().writeValueAsString(root);
        });
  }

  /** Changes the properties of one resource. */
  Example properties(String stack, String logicalId, Consumer<ObjectNode> change) {
    return resources(
        stack, all -> change.accept((ObjectNode) all.get(logicalId).get("Properties")));
  }

  static ObjectNode json(String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  static ArrayNode list(ObjectNode parent, String name) {
    return (ArrayNode) parent.get(name);
  }
}
