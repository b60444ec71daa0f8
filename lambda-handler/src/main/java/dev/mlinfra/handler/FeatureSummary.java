package dev.mlinfra.handler;

import java.util.Optional;

/**
 * What one feature looked like in the data of one prediction, not scaled.
 *
 * @param name its column
 * @param values how many rows have a value
 * @param missing how many have none
 * @param min smallest value; infinite without any
 * @param max largest value; infinite without any
 * @param mean mean of the values; NaN without any
 * @param stabilityIndex how far the values have moved from those that the model was trained on
 *     (population stability index: below 0.1 little, above 0.25 much); empty without a baseline
 */
public record FeatureSummary(
    String name,
    long values,
    long missing,
    double min,
    double max,
    double mean,
    Optional<Double> stabilityIndex) {}
