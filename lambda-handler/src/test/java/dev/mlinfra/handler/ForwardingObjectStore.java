package dev.mlinfra.handler;

import java.io.InputStream;
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
  public InputStream open(ObjectRef object, Info info) {
    return other.open(object, info);
  }

  @Override
  public ObjectWriter create(ObjectRef target) {
    return other.create(target);
  }
}
