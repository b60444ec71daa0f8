package dev.mlinfra.core;

import java.util.OptionalInt;

/**
 * Runs of the prediction function over many objects, or over ranges of one.
 *
 * @param maxItems objects or ranges of one run at most; empty: as many as {@code
 *     budget.predictionJobUsd} pays for
 * @param maxConcurrency predictions at one time; empty: {@code budget.maxConcurrentJobs}, or the
 *     function's reserved concurrency where that is less
 * @param maxGb data of one run at most, in GB
 * @param rangeMb size of the ranges that one object is divided into, in MB
 * @param toleratedFailurePercentage share of the items that may fail before the run is stopped
 * @param toleratedFailureCount how many items may fail; empty: only the share counts
 * @param retryAttempts further tries after a fault of Lambda's service, 0 to 5
 */
public record DistributedSettings(
    OptionalInt maxItems,
    OptionalInt maxConcurrency,
    int maxGb,
    int rangeMb,
    double toleratedFailurePercentage,
    OptionalInt toleratedFailureCount,
    int retryAttempts) {}
