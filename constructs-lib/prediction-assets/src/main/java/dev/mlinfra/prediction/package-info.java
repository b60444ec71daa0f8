/**
 * The prediction function as something to deploy: {@link dev.mlinfra.prediction.PredictionAssets}.
 */
package dev.mlinfra.prediction;
