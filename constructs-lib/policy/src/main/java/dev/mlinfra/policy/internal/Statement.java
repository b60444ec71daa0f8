package dev.mlinfra.policy.internal;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/**
 * One statement of a policy, with everything evaluated that is known.
 *
 * @param resource the resource that holds it
 * @param at path of the statement in the resource
 * @param kind what it is about
 * @param identities who has it, when it is an identity's: the roles, users and groups of the model
 * @param allow whether it allows; anything but {@code Deny} does
 * @param body the statement itself: {@code Action}, {@code Resource}, {@code Principal} …
 */
public record Statement(
    Resource resource,
    String at,
    Kind kind,
    Set<ResourceId> identities,
    boolean allow,
    Value body) {

  /** What a statement is about. */
  public enum Kind {
    /** What an identity may do. */
    IDENTITY,
    /** What identities may do at most; grants nothing. */
    BOUNDARY,
    /** Who takes on a role. */
    TRUST,
    /** What others may do with the resource that has the policy, such as a bucket. */
    RESOURCE
  }

  public Statement {
    identities = Set.copyOf(identities);
  }

  /** What {@code Action} names; empty with {@code NotAction}. */
  public List<Value> actions() {
    return Decide.items(body.entry("Action"));
  }

  /** What {@code Resource} names; empty with {@code NotResource}, and where none is needed. */
  public List<Value> resources() {
    return Decide.items(body.entry("Resource"));
  }

  /** A value inside, such as {@code Condition}. */
  public Value entry(String name) {
    return body.entry(name);
  }

  /** The path of a value inside. */
  public String at(String name) {
    return at + "." + name;
  }
}
