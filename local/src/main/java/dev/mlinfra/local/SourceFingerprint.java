package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether a running server was started from the sources that are there now. */
final class SourceFingerprint {
  private SourceFingerprint() {}

  /** A hash over names and contents of the Python files below a folder. */
  static String of(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(".py") && Files.isRegularFile(file))
              .sorted()
              .toList();
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        byte[] content = Files.readAllBytes(file);
        // The length in between: no two sets of files give the same bytes.
        hash.update((folder.relativize(file) + "\0" + content.length + "\0").getBytes(UTF_8));
        hash.update(content);
      }
      return HexFormat.of().formatHex(hash.digest());
    } catch (IOException | UncheckedIOException problem) {
      throw new LocalException("Cannot read the sources of the embedded AWS in " + folder, problem);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
