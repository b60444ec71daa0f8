package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the data looked like that a model was trained on.
 *
 * <pre>{@code
 * {"format": "mlinfra/baseline/v1", "features": [
 *   {"name": "age", "edges": [30.5, ...], "shares": [0.1, ...]}, ...]}
 * }</pre>
 *
 * <p>Edges part the values into bins, each up to and with its edge; there is one share more than
 * edges. Where many rows have one value, several edges are equal, and the bins between them empty.
 * Other fields are for people and are ignored here.
 *
 * @param names names of the features, in the model's order
 * @param edgeLists for each feature its edges, never falling
 * @param shareLists for each feature the share of the training rows in each bin
 */
record Baseline(List<String> names, List<List<Double>> edgeLists, List<List<Double>> shareLists) {
  private static final String FORMAT = "mlinfra/baseline/v1";

  /** What an empty bin counts as: its logarithm would be infinite. */
  private static final double SMALLEST_SHARE = 1e-4;

  Baseline {
    names = List.copyOf(names);
    edgeLists = edgeLists.stream().map(List::copyOf).toList();
    shareLists = shareLists.stream().map(List::copyOf).toList();
  }

  /**
   * The same for features in another order.
   *
   * @param features names of the model's features, in its order
   * @param file how messages name the file
   * @throws PredictionException {@code BASELINE_INVALID} when it lacks one of them
   */
  Baseline of(List<String> features, String file) {
    List<String> missing = features.stream().filter(name -> !names.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new PredictionException(
          PredictionError.BASELINE_INVALID,
          file
              + " lacks "
              + String.join(", ", missing)
              + ". Use the baseline that was written with the model");
    }
    List<Integer> places = features.stream().map(names::indexOf).toList();
    return new Baseline(
        features,
        places.stream().map(edgeLists::get).toList(),
        places.stream().map(shareLists::get).toList());
  }

  /** For each feature its edges. */
  double[][] edges() {
    return edgeLists.stream()
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  /**
   * The population stability index of a feature: the sum over all bins of (share now - share then)
   * x ln(share now / share then).
   *
   * @param counts how many values lie in each bin now, at least one in all
   */
  double stabilityIndex(int feature, long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    double index = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      double now = Math.max(counts[bin] / total, SMALLEST_SHARE);
      double then = Math.max(shareLists.get(feature).get(bin), SMALLEST_SHARE);
      index += (now - then) * Math.log(now / then);
    }
    return index;
  }

  /**
   * Reads a baseline.
   *
   * @param json the file's content
   * @param name how messages name the file
   * @throws PredictionException {@code BASELINE_INVALID} with all problems
   */
  static Baseline parse(byte[] json, String name) {
    Fields fields = new Fields();
    fields.read(json, name, PredictionError.BASELINE_INVALID, "Export the model again");
    return new Baseline(fields.names, fields.edges, fields.shares);
  }

  /** The file's fields while they are read. */
  private static final class Fields extends ExportedFile {
    private final List<String> names = new ArrayList<>();
    private final List<List<Double>> edges = new ArrayList<>();
    private final List<List<Double>> shares = new ArrayList<>();

    Fields() {
      super(FORMAT);
    }

    @Override
    void readField(JsonParser parser, String field) {
      if (!field.equals("features")) {
        parser.skipChildren();
        return;
      }
      require(parser.currentToken(), JsonToken.START_ARRAY, field);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(parser.currentToken(), JsonToken.START_OBJECT, "a feature");
        readFeature(parser);
      }
    }

    private void readFeature(JsonParser parser) {
      String name = "";
      List<Double> featureEdges = List.of();
      List<Double> featureShares = List.of();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "name" -> name = text(parser, field);
          case "edges" -> featureEdges = numbers(parser, field);
          case "shares" -> featureShares = numbers(parser, field);
          default -> parser.skipChildren();
        }
      }
      names.add(name);
      edges.add(featureEdges);
      shares.add(featureShares);
    }

    @Override
    void check(List<String> problems) {
      for (int i = 0; i < names.size(); i++) {
        String name = "feature '" + Texts.shorten(names.get(i)) + "'";
        List<Double> of = edges.get(i);
        if (shares.get(i).size() != of.size() + 1) {
          problems.add(
              name
                  + " has %d edges and %d shares, must have one share more"
                      .formatted(of.size(), shares.get(i).size()));
        }
        for (int edge = 1; edge < of.size(); edge++) {
          if (!(of.get(edge - 1) <= of.get(edge))) {
            problems.add(name + " has edges that fall");
            break;
          }
        }
        if (shares.get(i).stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
          problems.add(name + " has a share that is not from 0 to 1");
        }
      }
    }
  }
}
