package dev.mlinfra.template.internal;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of JSON or YAML. */
public final class SourceFile {
  private SourceFile() {}

  /**
   * What the file holds.
   *
   * @throws ValidationException when it cannot be read; names the file and the place
   */
  static Node read(Path path) {
    String label = path.toString();
    if (!Files.exists(path)) {
      throw Unreadable.at(label, 1, 1, "", "no such file", "a template", "check the name");
    }
    if (!Files.isRegularFile(path)) {
      throw Unreadable.at(label, 1, 1, "", "is not a file", "a template", "");
    }
    try {
      long bytes = Files.size(path);
      if (bytes > Limits.MOST_BYTES) {
        throw Unreadable.at(
            label, 1, 1, "", "is " + bytes + " bytes long", "at most " + Limits.MOST_BYTES, "");
      }
      return parse(label, Files.readAllBytes(path));
    } catch (IOException e) {
      throw Unreadable.at(
          label, 1, 1, "", "cannot be read: " + e.getMessage(), "a readable file", "");
    }
  }

  /** What the bytes hold; JSON when they start with a brace, else YAML. */
  static Node parse(String label, byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Unreadable.at(
          label, 1, 1, "", "is not UTF-8 text", "JSON or YAML in UTF-8", "save it as UTF-8");
    }
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (body.isBlank()) {
      throw Unreadable.at(label, 1, 1, "", "is empty", "a template", "");
    }
    if (!body.stripLeading().startsWith("{")) {
      return YamlNodes.read(label, body);
    }
    try {
      return JsonNodes.read(label, body);
    } catch (ValidationException json) {
      // YAML's flow style starts with a brace too; its short tags are no JSON.
      try {
        return YamlNodes.read(label, body);
      } catch (ValidationException yaml) {
        throw json;
      }
    }
  }
}
