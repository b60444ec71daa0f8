package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of an object of CSV that begins and ends where records do, as {@link RangePlanner} found
 * them. The first part has the header, and so has its output; the outputs of all parts, one after
 * the other, are the output of the whole.
 *
 * @param start its first byte
 * @param end the byte after its last
 * @param etag of the object that was divided, so that all parts are of the same data
 * @param lines lines of the object before it
 * @param header the record with the column names, without its line end; empty for the first part
 */
record DataRange(long start, long end, String etag, long lines, Optional<String> header) {
  private static final List<String> NUMBERS = List.of("start", "end", "lines");
  private static final Set<String> FIELDS = Set.of("start", "end", "etag", "lines", "header");

  /** What is wrong with the field of an event, if anything is. */
  static Optional<String> problem(Object given) {
    if (!(given instanceof Map<?, ?> range)) {
      return Optional.of("is " + given.getClass().getSimpleName() + ", must be an object");
    }
    List<String> problems = new ArrayList<>();
    Set<Object> unknown = new TreeSet<>(range.keySet());
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      problems.add("has " + unknown + ", allowed are " + new TreeSet<>(FIELDS));
    }
    for (String field : NUMBERS) {
      if (number(range, field) < 0) {
        problems.add(field + " must be a whole number from 0");
      }
    }
    if (problems.isEmpty() && number(range, "end") <= number(range, "start")) {
      problems.add("end must be above start");
    }
    if (!(range.get("etag") instanceof String etag) || etag.isBlank()) {
      problems.add("etag must be a text");
    }
    // Without it the first row of a part would be taken for the header, and vanish.
    if (problems.isEmpty()
        && (number(range, "start") == 0) == range.get("header") instanceof String) {
      problems.add("header must be a text, and there must be none where start is 0");
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", problems));
  }

  /** Reads the field of an event that has no {@link #problem}. */
  static DataRange of(Object given) {
    Map<?, ?> range = (Map<?, ?>) given;
    return new DataRange(
        number(range, "start"),
        number(range, "end"),
        (String) range.get("etag"),
        number(range, "lines"),
        Optional.ofNullable((String) range.get("header")));
  }

  /** As it stands in an event. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("start", start);
    map.put("end", end);
    map.put("etag", etag);
    map.put("lines", lines);
    header.ifPresent(names -> map.put("header", names));
    return map;
  }

  /**
   * Makes sure that the object is the one that was divided.
   *
   * @throws PredictionException {@code INPUT_CHANGED}
   */
  void requireOf(ObjectRef object, ObjectStore.Info info) {
    if (!etag.equals(info.etag()) || end > info.size()) {
      throw new PredictionException(
          PredictionError.INPUT_CHANGED,
          object + " is not what was divided into ranges. Start the run again");
    }
  }

  private static long number(Map<?, ?> range, String field) {
    Object value = range.get(field);
    return value instanceof Integer || value instanceof Long ? ((Number) value).longValue() : -1;
  }
}
