/**
 * CDK constructs for machine learning on AWS.
 *
 * <p>Each reads as CDK's own: {@code new MlDataBucket(this, "Data", MlDataBucketProps.builder()
 * .datasetsDays(30).build())}. One line is least-privilege, encrypted and bounded; what is loosened
 * prints a warning with a stable id. All problems of a construct's properties are thrown at once,
 * as a {@link dev.mlinfra.core.ValidationException}.
 */
package dev.mlinfra.aws;
