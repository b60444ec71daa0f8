package dev.mlinfra.policy;

/** How much a finding weighs. */
public enum Severity {
  /** What is deployed does not satisfy the rule. */
  ERROR,
  /** Whether it does depends on what only the deployment knows. */
  WARNING
}
