package dev.mlinfra.handler;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** A store like another, but for what a test changes. */
class ForwardingObjectStore implements ObjectStore {
  private final ObjectStore other;

  ForwardingObjectStore(ObjectStore other) {
    this.other = other;
  }

  @Override
  public Optional<Info> info(ObjectRef object) {
    return other.info(object);
  }

  @Override
  public InputStream open(ObjectRef object) {
    return other.open(object);
  }

  @Override
  public void put(Path file, ObjectRef target) {
    other.put(file, target);
  }
}
