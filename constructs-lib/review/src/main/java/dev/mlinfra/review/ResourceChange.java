package dev.mlinfra.review;

import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Optional;

/**
 * What happens to one resource.
 *
 * @param kind what happens
 * @param base the resource as it was; empty when it is new
 * @param head the resource as it will be; empty when it goes
 * @param differences its properties and attributes that have other values
 * @param replacedBy why it is replaced: paths of properties, or what it names; empty unless it is
 *     {@link Kind#REPLACED}
 * @param perhapsReplacedBy why it may be replaced, when only the provider decides that; empty when
 *     it certainly is, or is not
 */
public record ResourceChange(
    Kind kind,
    Optional<Resource> base,
    Optional<Resource> head,
    List<Difference> differences,
    List<String> replacedBy,
    List<String> perhapsReplacedBy) {

  /** What can happen to a resource. */
  public enum Kind {
    /** It is new. */
    ADDED,
    /** It goes. */
    REMOVED,
    /** A property changes that the provider cannot change: a new one takes its place. */
    REPLACED,
    /** Properties change. */
    UPDATED,
    /** It has another logical id in the same stack, so a new one takes its place. */
    RENAMED,
    /** It is in another stack, so a new one takes its place. */
    MOVED
  }

  public ResourceChange {
    differences = List.copyOf(differences);
    replacedBy = List.copyOf(replacedBy);
    perhapsReplacedBy = List.copyOf(perhapsReplacedBy);
  }

  /** The resource as it will be; one that goes, as it was. */
  public Resource resource() {
    return head.or(() -> base).orElseThrow();
  }

  /** Whether a new resource takes the place of the one that is there. */
  public boolean isNewInItsPlace() {
    return kind == Kind.REPLACED || kind == Kind.RENAMED || kind == Kind.MOVED;
  }

  /** Its type, which does not change. */
  public String type() {
    return resource().type();
  }
}
