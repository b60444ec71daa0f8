package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictorCacheTest {
  private final MemoryObjectStore store =
      new MemoryObjectStore()
          .with("one", TestFiles.bytes("sum.onnx"))
          .with("two", TestFiles.bytes("sum-float.onnx"))
          .with("three", TestFiles.bytes("diabetes-linear.onnx"));

  @Test
  void keepsTheLastUsedAndClosesTheOthers() {
    try (PredictorCache cache = new PredictorCache(store, 1 << 20, 2)) {
      Predictor one = cache.get(MemoryObjectStore.ref("one")).predictor();
      Predictor two = cache.get(MemoryObjectStore.ref("two")).predictor();
      assertThat(cache.get(MemoryObjectStore.ref("one")).predictor()).isSameAs(one);

      cache.get(MemoryObjectStore.ref("three"));

      assertThat(cache.get(MemoryObjectStore.ref("one")).predictor()).isSameAs(one);
      assertThat(one.predict(new double[] {1, 2}, 1)).containsExactly("3.0");
      assertThatThrownBy(() -> two.predict(new double[] {1, 2}, 1))
          .as("two is closed")
          .isInstanceOf(IllegalStateException.class);
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
        assertThatThrownBy(() -> cache.get(MemoryObjectStore.ref("one")))
            .hasMessageStartingWith("STORE_FAILED")
            .hasMessageContaining("not the expected");
      }
    }
  }

  @Test
  void closesAllAtTheEnd() {
    PredictorCache cache = new PredictorCache(store, 1 << 20, 2);
    Predictor one = cache.get(MemoryObjectStore.ref("one")).predictor();
    cache.close();
    assertThatThrownBy(() -> one.predict(new double[] {1, 2}, 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
