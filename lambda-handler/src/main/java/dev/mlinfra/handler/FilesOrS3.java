package dev.mlinfra.handler;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** Local files and objects of S3, side by side. S3 is connected to when it is needed. */
final class FilesOrS3 implements ObjectStore {
  private final ObjectStore files = new FileObjectStore();
  private final Supplier<? extends ObjectStore> connect;
  private ObjectStore s3;

  FilesOrS3(Supplier<? extends ObjectStore> connect) {
    this.connect = connect;
  }

  @Override
  public Optional<Info> info(ObjectRef object) {
    return of(object).info(object);
  }

  @Override
  public InputStream open(ObjectRef object, Info info) {
    return of(object).open(object, info);
  }

  @Override
  public ObjectWriter create(ObjectRef target) {
    return of(target).create(target);
  }

  private ObjectStore of(ObjectRef object) {
    if (object.isFile()) {
      return files;
    }
    if (s3 == null) {
      s3 = connect.get();
    }
    return s3;
  }
}
