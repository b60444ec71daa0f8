package dev.mlinfra.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What no tool here can prove of what will be deployed. All of it stands in {@code
 * not-proven.json}.
 *
 * @param types start of the types of resources that it is about; empty for whatever is deployed
 * @param what in a few words
 * @param why one sentence
 */
record NotProven(String types, String what, String why) {

  /** What concerns resources of these types. */
  static List<NotProven> of(Collection<String> types) {
    return all().stream()
        .filter(one -> types.stream().anyMatch(type -> type.startsWith(one.types())))
        .toList();
  }

  private static List<NotProven> all() {
    try (InputStream in = NotProven.class.getResourceAsStream("not-proven.json")) {
      return JsonMapper.shared().readValue(in, new TypeReference<List<NotProven>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
