package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PredictorCacheTest {
  private static final String OTHER = "0".repeat(64);

  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("one", TestFiles.bytes("sum.onnx"))
          .with("two", TestFiles.bytes("sum-float.onnx"))
          .with("three", TestFiles.bytes("diabetes-linear.onnx"));

  @Test
  void keepsTheLastUsedAndClosesTheOthers() {
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2)) {
      Model one = model(cache, "one");
      Predictor two = model(cache, "two").predictor(List.of());
      assertThat(model(cache, "one")).isSameAs(one);

      model(cache, "three");

      assertThat(model(cache, "one")).isSameAs(one);
      assertThat(one.predictor(List.of()).predict(new double[] {1, 2}, 1)).containsExactly("3.0");
      assertThatThrownBy(() -> two.predict(new double[] {1, 2}, 1))
          .as("two is closed")
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void loadsAgainWhatHasAnotherVersion() {
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2)) {
      Model one = model(cache, "one");
      store.with("one", TestFiles.bytes("sum-float.onnx"));
      assertThat(model(cache, "one")).isNotSameAs(one);
    }
  }

  /** A call that failed leaves workers behind, which may be at it when the next one evicts. */
  @Test
  void closingWaitsForWhatIsBeingPredicted() throws Exception {
    for (int time = 0; time < 20; time++) {
      Model model = Model.load(TestFiles.bytes("diabetes-forest.onnx"), "forest");
      Predictor forest = model.predictor(List.of());
      CountDownLatch begun = new CountDownLatch(3);
      ExecutorService workers = Executors.newFixedThreadPool(3);
      List<Future<?>> ends =
          Stream.generate(() -> workers.submit(() -> predictForever(forest, begun)))
              .limit(3)
              .collect(Collectors.toList());
      begun.await();

      model.close();

      workers.shutdown();
      for (Future<?> end : ends) {
        assertThatThrownBy(end::get)
            .hasCauseInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the model is closed");
      }
    }
  }

  private static void predictForever(Predictor predictor, CountDownLatch begun) {
    double[] features = new double[1000 * predictor.width()];
    while (true) {
      assertThat(predictor.predict(features, 1000)).hasSize(1000);
      begun.countDown();
    }
  }

  @Test
  void loadsOnlyTheModelThatTheCallerMeans() {
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2)) {
      ObjectRef one = MemoryObjectStore.ref("one");
      assertThatThrownBy(() -> cache.get(one, Optional.of(OTHER)))
          .hasMessageContaining(
              "MODEL_CHECKSUM_MISMATCH: b/one has the SHA-256 checksum " + sha256("sum.onnx"))
          .hasMessageContaining("the event's model_sha256 is " + OTHER);
      cache.get(one, Optional.of(sha256("sum.onnx")));
      assertThatThrownBy(() -> cache.get(one, Optional.of(OTHER)))
          .as("also when it is loaded already")
          .hasMessageContaining("MODEL_CHECKSUM_MISMATCH");
    }
  }

  @Test
  void loadsOnlyTheModelsThatTheFunctionAllows() {
    Set<String> allowed = Set.of(sha256("sum.onnx"), OTHER);
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2, allowed)) {
      model(cache, "one");
      assertThatThrownBy(() -> model(cache, "two"))
          .hasMessageContaining("MODEL_CHECKSUM_MISMATCH")
          .hasMessageContaining("MLINFRA_MODEL_SHA256 is [")
          .hasMessageContaining(OTHER);
    }
  }

  /** What is refused is not even parsed: the content here is no model. */
  @Test
  void comparesTheChecksumBeforeLoading() {
    store.with("one", "garbage");
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2)) {
      assertThatThrownBy(() -> cache.get(MemoryObjectStore.ref("one"), Optional.of(OTHER)))
          .hasMessageContaining("MODEL_CHECKSUM_MISMATCH");
    }
  }

  @Test
  void noticesWhenTheObjectIsNotAsLongAsAnnounced() {
    for (int difference : new int[] {-1, 1}) {
      ObjectStore lying =
          new ForwardingObjectStore(store) {
            @Override
            public Optional<Info> info(ObjectRef object) {
              return super.info(object)
                  .map(info -> new Info(info.size() + difference, info.etag()));
            }
          };
      try (PredictorCache cache = new PredictorCache(lying, 1 << 20, 1)) {
        assertThatThrownBy(() -> model(cache, "one"))
            .hasMessageStartingWith("STORE_FAILED")
            .hasMessageContaining("not the expected");
      }
    }
  }

  @Test
  void closesAllAtTheEnd() {
    PredictorCache cache = new PredictorCache(store, 1 << 20, 2);
    Predictor one = model(cache, "one").predictor(List.of());
    cache.close();
    assertThatThrownBy(() -> one.predict(new double[] {1, 2}, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Model model(PredictorCache cache, String key) {
    return cache.get(MemoryObjectStore.ref(key), Optional.empty()).model();
  }

  private static String sha256(String file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(TestFiles.bytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
