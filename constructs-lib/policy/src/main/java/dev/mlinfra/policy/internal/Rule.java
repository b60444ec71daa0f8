package dev.mlinfra.policy.internal;

/**
 * One thing that must hold. Small, without state, and never throwing for what a template holds: a
 * value of another kind than expected is {@code UNDECIDED}.
 */
public interface Rule {
  /** Such as {@code mlinfra::iam.action-star}; never changes. */
  String id();

  /** What must hold, one sentence. */
  String requirement();

  /**
   * Says of every place that the rule is about what it found there, so that what is compliant and
   * what is not looked at can be told apart.
   */
  void check(Inspection inspection, Outcomes.Of outcomes);
}
