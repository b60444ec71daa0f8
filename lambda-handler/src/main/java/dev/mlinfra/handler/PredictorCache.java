package dev.mlinfra.handler;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The models used last, so that a warm function loads none. A model is taken from here only while
 * its ETag is that of the stored object. What is evicted is closed. Used by one thread at a time.
 */
final class PredictorCache implements AutoCloseable {
  private final ObjectStore store;
  private final long maxModelBytes;
  private final int capacity;
  private final Set<String> allowed;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(8, 0.75f, true);

  private record Key(ObjectRef object, String etag) {}

  private record Entry(Model model, String sha256) {}

  /**
   * A loaded model.
   *
   * @param etag of the object that it was loaded from
   */
  record Loaded(Model model, String etag) {}

  /** Makes an empty cache that loads any model. */
  PredictorCache(ObjectStore store, long maxModelBytes, int capacity) {
    this(store, maxModelBytes, capacity, Set.of());
  }

  /**
   * Makes an empty cache.
   *
   * @param maxModelBytes the largest model that is loaded
   * @param capacity how many models are kept, at least 1
   * @param allowed SHA-256 checksums, in hexadecimal, of the models that are loaded; none: any
   */
  PredictorCache(ObjectStore store, long maxModelBytes, int capacity, Set<String> allowed) {
    this.store = store;
    this.maxModelBytes = maxModelBytes;
    this.capacity = capacity;
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Returns the model, loaded now or before. The cache closes it, not the caller.
   *
   * @param sha256 the checksum that it must have, if any
   * @throws PredictionException {@code MODEL_NOT_FOUND}, {@code MODEL_TOO_LARGE}, {@code
   *     PICKLE_REFUSED}, {@code MODEL_CHECKSUM_MISMATCH} and what {@link Model#load} throws
   */
  Loaded get(ObjectRef model, Optional<String> sha256) {
    ObjectStore.Info info =
        store
            .info(model)
            .orElseThrow(
                () ->
                    new PredictionException(
                        PredictionError.MODEL_NOT_FOUND,
                        "there is no model " + model + ". Check the bucket and the key"));
    Key key = new Key(model, info.etag());
    Entry known = entries.get(key);
    if (known != null) {
      requireChecksum(model, known.sha256(), sha256);
      return new Loaded(known.model(), info.etag());
    }
    byte[] content = read(model, info);
    String given = sha256(content);
    requireChecksum(model, given, sha256);
    evictDownTo(capacity - 1); // before loading: models can be large
    Model loaded = Model.load(content, model.toString());
    entries.put(key, new Entry(loaded, given));
    return new Loaded(loaded, info.etag());
  }

  @Override
  public void close() {
    evictDownTo(0);
  }

  private byte[] read(ObjectRef model, ObjectStore.Info info) {
    long size = info.size();
    if (size > maxModelBytes) {
      throw new PredictionException(
          PredictionError.MODEL_TOO_LARGE,
          model
              + " has "
              + size
              + " bytes, allowed are "
              + maxModelBytes
              + ". Export a smaller model, or raise MLINFRA_MAX_MODEL_MB and the memory");
    }
    byte[] content = new byte[(int) size];
    try (InputStream in = store.open(model, info)) {
      // To the very end, which is where the SDK compares the checksum.
      if (in.readNBytes(content, 0, content.length) < content.length || in.read() >= 0) {
        throw new IOException("not the expected " + size + " bytes");
      }
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading " + model + " broke off: " + e.getMessage(), e);
    }
    Pickles.refuseContent(model, content);
    return content;
  }

  private void evictDownTo(int kept) {
    Iterator<Entry> eldestFirst = entries.values().iterator();
    while (entries.size() > kept) {
      Entry evicted = eldestFirst.next();
      eldestFirst.remove();
      evicted.model().close();
    }
  }

  private void requireChecksum(ObjectRef model, String given, Optional<String> wanted) {
    if (wanted.filter(checksum -> !checksum.equals(given)).isPresent()) {
      throw mismatch(model, given, "the event's model_sha256 is " + wanted.get());
    }
    if (!allowed.isEmpty() && !allowed.contains(given)) {
      throw mismatch(model, given, "MLINFRA_MODEL_SHA256 is " + new TreeSet<>(allowed));
    }
  }

  private static PredictionException mismatch(ObjectRef model, String given, String wanted) {
    return new PredictionException(
        PredictionError.MODEL_CHECKSUM_MISMATCH,
        model
            + " has the SHA-256 checksum "
            + given
            + "; "
            + wanted
            + ". Put the model there that was meant, or its checksum");
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
