package dev.mlinfra.aws.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Measures what a function and its layer will take on Lambda. */
public final class Archives {
  private Archives() {}

  /** Bytes of an archive when unzipped, or of a folder. */
  public static long unzippedBytes(Path archive) {
    try {
      if (Files.isDirectory(archive)) {
        try (Stream<Path> files = Files.walk(archive)) {
          return files.filter(Files::isRegularFile).mapToLong(Archives::size).sum();
        }
      }
      try (ZipFile zip = new ZipFile(archive.toFile())) {
        return zip.stream().mapToLong(ZipEntry::getSize).sum();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
