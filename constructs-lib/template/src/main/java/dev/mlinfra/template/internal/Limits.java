package dev.mlinfra.template.internal;

/**
 * What a file may cost. CloudFormation takes templates of 1 MB; a large Pulumi state has some tens
 * of megabytes.
 */
final class Limits {
  static final long MOST_BYTES = 64L * 1024 * 1024;
  static final long MOST_VALUES = 2_000_000;
  static final int DEEPEST_NESTING = 100;
  static final int MOST_FILES = 2_000;

  private Limits() {}
}
