package dev.mlinfra.infra.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/**
 * Classes of a program as the JVM has them in memory, which halves the time to load them. The first
 * run after a build writes the archive when it ends, later ones read it. Without one, as in a
 * folder that cannot be written to, the program runs all the same.
 */
final class ClassArchive {
  private static final String PREFIX = "classes-";
  private static final String SUFFIX = ".jsa";

  private final Path file;
  private final Path unfinished;

  private ClassArchive(Path file) {
    this.file = file;
    // Two runs may write at once.
    this.unfinished = file.resolveSibling(UUID.randomUUID() + SUFFIX + ".tmp");
  }

  /** That of a program; its name tells of the JVM and of the jars that it holds classes of. */
  static ClassArchive of(Program program) throws IOException {
    StringBuilder state = new StringBuilder(System.getProperty("java.vm.version"));
    state.append(System.getProperty("java.home"));
    for (Path jar : program.jars()) {
      state
          .append(jar)
          .append(Files.size(jar))
          .append(' ')
          .append(Files.getLastModifiedTime(jar).toMillis());
    }
    UUID name = UUID.nameUUIDFromBytes(state.toString().getBytes(StandardCharsets.UTF_8));
    return new ClassArchive(program.jars().get(0).resolveSibling(PREFIX + name + SUFFIX));
  }

  /** Options for the JVM: read it, or write it. */
  List<String> options() {
    if (Files.isReadable(file)) {
      return List.of("-XX:SharedArchiveFile=" + file);
    }
    if (Files.isWritable(file.getParent())) {
      return List.of("-XX:ArchiveClassesAtExit=" + unfinished);
    }
    return List.of();
  }

  /** Keeps what a run has written, and deletes those of other builds. */
  void keep() throws IOException {
    if (!Files.exists(unfinished)) {
      return;
    }
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(file.getParent(), PREFIX + "*" + SUFFIX)) {
      for (Path other : others) {
        Files.deleteIfExists(other);
      }
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
