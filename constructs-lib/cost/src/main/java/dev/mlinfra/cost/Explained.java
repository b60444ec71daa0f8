package dev.mlinfra.cost;

import dev.mlinfra.template.ResourceId;

/**
 * A resource, or a part of one, without a price.
 *
 * @param resource the resource
 * @param where how to name the resource to a person
 * @param type type of the resource
 * @param reason why it has none
 * @param because the reason in words, such as {@code no source for ml.p4d.24xlarge in us-east-1}
 */
public record Explained(
    ResourceId resource, String where, String type, Reason reason, String because) {

  /** Why something has no price. */
  public enum Reason {
    /** The provider bills nothing for it. */
    FREE,
    /** What it makes or configures is billed elsewhere, at a resource that the reason names. */
    ELSEWHERE,
    /** It costs something, and how much is not known here. */
    NOT_PRICED
  }
}
