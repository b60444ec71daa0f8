package dev.mlinfra.handler;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The models used last, so that a warm function loads none. A model is taken from here only while
 * its ETag is that of the stored object. What is evicted is closed. Used by one thread at a time.
 */
final class PredictorCache implements AutoCloseable {
  private final ObjectStore store;
  private final long maxModelBytes;
  private final int capacity;
  private final Map<Key, Predictor> predictors = new LinkedHashMap<>(8, 0.75f, true);

  private record Key(ObjectRef model, String etag) {}

  /**
   * A loaded model.
   *
   * @param etag of the object that it was loaded from
   */
  record Model(Predictor predictor, String etag) {}

  /**
   * Makes an empty cache.
   *
   * @param maxModelBytes the largest model that is loaded
   * @param capacity how many models are kept, at least 1
   */
  PredictorCache(ObjectStore store, long maxModelBytes, int capacity) {
    this.store = store;
    this.maxModelBytes = maxModelBytes;
    this.capacity = capacity;
  }

  /**
   * Returns the model, loaded now or before. The cache closes it, not the caller.
   *
   * @throws PredictionException {@code MODEL_NOT_FOUND}, {@code MODEL_TOO_LARGE}, {@code
   *     PICKLE_REFUSED} and what {@link OnnxPredictor#load} throws
   */
  Model get(ObjectRef model) {
    ObjectStore.Info info =
        store
            .info(model)
            .orElseThrow(
                () ->
                    new PredictionException(
                        PredictionError.MODEL_NOT_FOUND,
                        "there is no model " + model + ". Check the bucket and the key"));
    Key key = new Key(model, info.etag());
    Predictor known = predictors.get(key);
    if (known != null) {
      return new Model(known, info.etag());
    }
    byte[] content = read(model, info);
    evictDownTo(capacity - 1); // before loading: models can be large
    Predictor loaded = OnnxPredictor.load(content, model.toString());
    predictors.put(key, loaded);
    return new Model(loaded, info.etag());
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
    Iterator<Predictor> eldestFirst = predictors.values().iterator();
    while (predictors.size() > kept) {
      Predictor evicted = eldestFirst.next();
      eldestFirst.remove();
      evicted.close();
    }
  }
}
