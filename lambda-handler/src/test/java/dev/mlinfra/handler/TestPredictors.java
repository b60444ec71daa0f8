package dev.mlinfra.handler;

import java.util.Arrays;
import java.util.List;

/** Predictors without a model. */
final class TestPredictors {
  private TestPredictors() {}

  /** Takes any finite number and predicts the sum of a row. */
  static Predictor anything(int width) {
    return new Predictor() {
      @Override
      public int width() {
        return width;
      }

      @Override
      public int maxRows() {
        return 100;
      }

      @Override
      public List<String> columns() {
        return List.of("prediction");
      }

      @Override
      public boolean accepts(double value) {
        return !Double.isInfinite(value);
      }

      @Override
      public String[] predict(double[] features, int rows) {
        String[] sums = new String[rows];
        Arrays.setAll(
            sums,
            row -> Double.toString(Arrays.stream(features, row * width, (row + 1) * width).sum()));
        return sums;
      }
    };
  }
}
