package dev.mlinfra.cost.internal.refresh;

import java.io.IOException;
import java.net.URI;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads answers that are JSON. */
final class Json {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Json() {}

  static JsonNode read(URI page, byte[] answer) throws IOException {
    try {
      return JSON.readTree(answer);
    } catch (JacksonException e) {
      throw new IOException("GET " + page + ": not JSON", e);
    }
  }
}
