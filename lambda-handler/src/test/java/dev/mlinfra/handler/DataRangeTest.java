package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The range of an event. */
class DataRangeTest {
  private static final DataRange LATER = new DataRange(10, 20, "\"e\"", 3, Optional.of("a,b"));

  private final Map<String, Object> event =
      new HashMap<>(
          Map.of(
              "model_bucket", "b",
              "model_key", "models/m.onnx",
              "data_bucket", "b",
              "data_key", "datasets/d.csv",
              "output_key", "results/d.csv"));

  @Test
  void isReadAsItIsWritten() {
    event.put("range", LATER.toMap());
    assertThat(PredictionEvent.parse(event).range()).contains(LATER);
    DataRange first = new DataRange(0, 20, "e", 0, Optional.empty());
    event.put("range", first.toMap());
    assertThat(PredictionEvent.parse(event).range()).contains(first);
  }

  @Test
  void numbersOfLambdaMayBeShort() {
    event.put("range", Map.of("start", 0, "end", 5, "lines", 0, "etag", "e"));
    assertThat(PredictionEvent.parse(event).range()).isPresent();
  }

  @Test
  void everyMistakeIsTold() {
    refused(List.of(), "range is", "must be an object");
    Map<String, Object> range = LATER.toMap();
    range.putAll(Map.of("start", "x", "end", -1, "lines", 1.5, "etag", " ", "stop", 1));
    refused(
        range,
        "has [stop], allowed are [end, etag, header, lines, start]",
        "start must be a whole number from 0",
        "end must be a whole number from 0",
        "lines must be a whole number from 0",
        "etag must be a text");
  }

  @Test
  void endsBehindItsStart() {
    Map<String, Object> range = LATER.toMap();
    range.put("end", 10L);
    refused(range, "end must be above start");
  }

  @Test
  void theFirstHasNoHeaderAndTheOthersMustHaveOne() {
    Map<String, Object> range = LATER.toMap();
    range.put("start", 0L);
    refused(range, "header must be a text, and there must be none where start is 0");
    range = LATER.toMap();
    range.remove("header");
    refused(range, "header must be a text");
  }

  private void refused(Object range, String... messages) {
    event.put("range", range);
    assertThatThrownBy(() -> PredictionEvent.parse(event))
        .hasMessageContaining("EVENT_INVALID")
        .hasMessageContainingAll(messages);
  }
}
