package dev.mlinfra.handler;

/**
 * What one prediction did.
 *
 * @param rows predictions made, one for each data row
 * @param bytesIn bytes of CSV read
 * @param bytesOut bytes of CSV written
 */
public record PredictionResult(long rows, long bytesIn, long bytesOut) {}
