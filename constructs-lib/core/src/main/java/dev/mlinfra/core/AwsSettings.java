package dev.mlinfra.core;

/**
 * What is deployed on AWS.
 *
 * @param account account number, 12 digits
 * @param region region, such as {@code us-east-1}
 * @param network how workloads are connected
 * @param data the bucket of datasets, models, results and checkpoints
 * @param prediction the prediction function
 */
public record AwsSettings(
    String account,
    String region,
    NetworkSettings network,
    DataSettings data,
    PredictionSettings prediction) {}
