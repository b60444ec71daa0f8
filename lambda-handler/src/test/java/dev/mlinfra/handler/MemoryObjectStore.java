package dev.mlinfra.handler;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects in memory, in bucket {@code b}. */
final class MemoryObjectStore implements ObjectStore, ObjectListing {
  private final Map<ObjectRef, byte[]> objects = new HashMap<>();
  private int opened;

  static ObjectRef ref(String key) {
    return new ObjectRef("b", key);
  }

  MemoryObjectStore with(String key, byte[] content) {
    objects.put(ref(key), content);
    return this;
  }

  MemoryObjectStore with(String key, String content) {
    return with(key, content.getBytes(StandardCharsets.UTF_8));
  }

  void remove(String key) {
    objects.remove(ref(key));
  }

  boolean has(String key) {
    return objects.containsKey(ref(key));
  }

  String text(String key) {
    return new String(objects.get(ref(key)), StandardCharsets.UTF_8);
  }

  /** Returns how often an object was opened. */
  int opened() {
    return opened;
  }

  @Override
  public Optional<Info> info(ObjectRef object) {
    return Optional.ofNullable(objects.get(object))
        .map(content -> new Info(content.length, "etag-" + Arrays.hashCode(content)));
  }

  @Override
  public InputStream open(ObjectRef object, Info info) {
    opened++;
    if (!objects.containsKey(object)) {
      throw new PredictionException(PredictionError.OBJECT_NOT_FOUND, "there is no " + object);
    }
    return new ByteArrayInputStream(objects.get(object));
  }

  @Override
  public Stream<Listed> list(String bucket, String prefix) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().key().startsWith(prefix))
        .map(entry -> new Listed(entry.getKey().key(), entry.getValue().length))
        .sorted(Comparator.comparing(Listed::key));
  }

  @Override
  public ObjectWriter create(ObjectRef target) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    return new ObjectWriter() {
      @Override
      public void write(byte[] bytes, int from, int length) {
        written.write(bytes, from, length);
      }

      @Override
      public void complete() {
        objects.put(target, written.toByteArray());
      }

      @Override
      public void close() {
        // nothing is there before it is complete
      }
    };
  }
}
