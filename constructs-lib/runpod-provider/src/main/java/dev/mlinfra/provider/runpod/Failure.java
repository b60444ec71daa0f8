package dev.mlinfra.provider.runpod;

/**
 * What is wrong with a property.
 *
 * @param property its path, such as {@code workers.max}
 * @param reason given, allowed, and how to mend it
 */
record Failure(String property, String reason) {}
