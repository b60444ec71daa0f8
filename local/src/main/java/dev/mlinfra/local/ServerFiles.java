package dev.mlinfra.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one emulator: pid and port, credentials, log, and the lock that guards starting and
 * stopping.
 */
record ServerFiles(Path folder) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Which process listens on which port, for which account, started from which sources. */
  record Server(long pid, int port, String account, String fingerprint) {}

  Path server() {
    return folder.resolve("server.json");
  }

  Path credentials() {
    return folder.resolve("credentials.json");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  Path lock() {
    return folder.resolve("server.lock");
  }

  List<Path> all() {
    return List.of(server(), credentials(), log(), lock());
  }

  /** The server that the files name, empty if there is none or the file is not readable as one. */
  Optional<Server> readServer() {
    try {
      JsonNode json = JSON.readTree(Files.readString(server()));
      long pid = json.path("pid").asLong(0);
      int port = json.path("port").asInt(0);
      return pid > 0 && port > 0 && port < 65536
          ? Optional.of(
              new Server(
                  pid,
                  port,
                  json.path("account").asString(""),
                  json.path("fingerprint").asString("")))
          : Optional.empty();
    } catch (IOException | JacksonException unreadable) {
      return Optional.empty();
    }
  }

  Credentials readCredentials() {
    try {
      JsonNode json = JSON.readTree(Files.readString(credentials()));
      return new Credentials(
          json.path("accessKeyId").asString(),
          json.path("secretAccessKey").asString(),
          Optional.empty());
    } catch (IOException | JacksonException problem) {
      throw new LocalException(
          credentials()
              + ": cannot read the administrator's credentials. Run `mlinfra local down` and"
              + " `mlinfra local up`.",
          problem);
    }
  }

  /** The last lines of the log, or what keeps it from being read. */
  String logTail(int lines) {
    Deque<String> tail = new ArrayDeque<>();
    try (var all = Files.lines(log())) {
      all.forEach(
          line -> {
            tail.addLast(line);
            if (tail.size() > lines) {
              tail.removeFirst();
            }
          });
    } catch (IOException | java.io.UncheckedIOException problem) {
      return "no log: " + problem;
    }
    return String.join(System.lineSeparator(), tail);
  }
}
