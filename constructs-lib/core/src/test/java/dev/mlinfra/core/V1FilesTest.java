package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code schema: mlinfra/v1} file loads for ever and means what it meant. Each release adds files
 * to {@code v1/}; what has been released is never changed or removed. Beside each stands what it
 * loaded as, value by value; later versions may add values, and change none.
 */
class V1FilesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("mlinfra.root"))
          .resolve("constructs-lib/core/src/test/resources/dev/mlinfra/core/v1");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.getFileName().toString().startsWith("base"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void loadsAndMeansWhatItMeant(Path file) throws IOException {
    Map<String, String> values = new TreeMap<>();
    flatten("", new EnvironmentLoader(Map.of()).load(file), values);
    Path expected = file.resolveSibling(file.getFileName() + ".loaded");
    if (!Files.exists(expected)) {
      Files.writeString(
          expected,
          values.entrySet().stream()
              .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
              .collect(Collectors.joining()));
      throw new AssertionError("wrote " + expected + ": review it, then run again");
    }

    for (String line : Files.readAllLines(expected)) {
      String[] pathAndValue = line.split(" = ", 2);
      assertThat(values).containsEntry(pathAndValue[0], pathAndValue[1]);
    }
  }

  /** A key that stands in no file could be dropped without notice. */
  @Test
  void everyKeyOfTheSchemaIsInAFile() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (Path file : files().toList()) {
      texts.append(Files.readString(file));
    }
    JsonNode schema =
        JsonMapper.shared()
            .readTree(Environment.class.getResourceAsStream("environment.schema.json"));

    assertThat(keys(schema))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(texts.toString()).contains(key + ":"));
  }

  private static Stream<String> keys(JsonNode schema) {
    return schema
        .path("properties")
        .propertyStream()
        .flatMap(
            entry ->
                Stream.of(
                        Stream.of(entry.getKey()),
                        keys(entry.getValue()),
                        keys(entry.getValue().path("items")))
                    .flatMap(keys -> keys));
  }

  private static void flatten(String path, Object value, Map<String, String> into) {
    if (value instanceof Optional<?> optional) {
      flatten(path, optional.map(Object.class::cast).orElse("none"), into);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> flatten(path + "[" + key + "]", inner, into));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Record.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        flatten(path + "[" + i + "]", list.get(i), into);
      }
    } else if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        String child = path.isEmpty() ? component.getName() : path + "." + component.getName();
        try {
          flatten(child, component.getAccessor().invoke(value), into);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    } else {
      into.put(path, String.valueOf(value));
    }
  }
}
