package dev.mlinfra.handler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Local files. The key is the path, the bucket has no meaning. */
public final class FileObjectStore implements ObjectStore {
  /** Returns the reference of a file. */
  public static ObjectRef ref(Path file) {
    return new ObjectRef("", file.toString());
  }

  @Override
  public Optional<Info> info(ObjectRef object) {
    try {
      Path file = Path.of(object.key());
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      String etag = attributes.size() + "-" + attributes.lastModifiedTime().toMillis();
      return Optional.of(new Info(attributes.size(), etag));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw readFailed(object, e);
    }
  }

  @Override
  public InputStream open(ObjectRef object, Info info) {
    try {
      return Files.newInputStream(Path.of(object.key()));
    } catch (IOException e) {
      throw readFailed(object, e);
    }
  }

  @Override
  public ObjectWriter create(ObjectRef target) {
    return FileObjectWriter.create(Path.of(target.key()));
  }

  private static PredictionException readFailed(ObjectRef object, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new PredictionException(
          PredictionError.OBJECT_NOT_FOUND, "there is no file " + object.key(), e);
    }
    if (e instanceof AccessDeniedException) {
      return new PredictionException(
          PredictionError.ACCESS_DENIED, "may not read " + object.key(), e);
    }
    return new PredictionException(
        PredictionError.STORE_FAILED, "cannot read " + object.key() + ": " + e, e);
  }
}
