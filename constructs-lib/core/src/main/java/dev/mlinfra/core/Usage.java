package dev.mlinfra.core;

/**
 * What a month looks like, for the expected cost.
 *
 * @param predictionsPerMonth prediction jobs
 * @param trainingHoursPerMonth hours of training
 * @param dataGb data stored, in GB
 */
public record Usage(long predictionsPerMonth, double trainingHoursPerMonth, double dataGb) {}
