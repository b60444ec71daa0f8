package dev.mlinfra.handler;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that grows beside its place, and moves there once it is complete. */
final class FileObjectWriter implements ObjectWriter {
  private final Path target;
  private final Path temporary;
  private final OutputStream out;

  private FileObjectWriter(Path target, Path temporary, OutputStream out) {
    this.target = target;
    this.temporary = temporary;
    this.out = out;
  }

  static FileObjectWriter create(Path target) {
    // Beside the target, because only a move within one file system is atomic.
    Path temporary =
        target.toAbsolutePath().resolveSibling(".mlinfra-" + UUID.randomUUID() + ".csv");
    try {
      return new FileObjectWriter(target, temporary, Files.newOutputStream(temporary));
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  @Override
  public void complete() {
    try {
      out.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + temporary, e);
    }
  }

  private static PredictionException failed(Path target, IOException e) {
    return e instanceof AccessDeniedException
        ? new PredictionException(PredictionError.ACCESS_DENIED, "may not write " + target, e)
        : new PredictionException(
            PredictionError.OUTPUT_FAILED, "cannot write " + target + ": " + e, e);
  }
}
