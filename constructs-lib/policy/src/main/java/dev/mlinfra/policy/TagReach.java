package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.tags.TagPlaces;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How far the six cost tags ({@link dev.mlinfra.core.CostTags#KEYS}) get: onto every resource that
 * can carry tags, and on from there to what is billed.
 *
 * <p>Which CloudFormation types can carry tags, and in which property, says the vendor. For Pulumi
 * the provider's SDK says it, so its jar must be on the class path; Kubernetes objects all take
 * labels. What cannot be decided is said, and is not taken for right.
 *
 * @param resources one place for each resource that can carry tags
 * @param sites one place for each setting that makes tags go on to what is started later
 */
public record TagReach(List<Place> resources, List<Place> sites) {

  /**
   * One place that must have the tags or carry them on.
   *
   * @param resource whose place it is
   * @param at path of the property
   * @param verdict what was found
   * @param given what stands there; {@link Value.Missing} for nothing
   * @param detail what is missing or wanted
   */
  public record Place(ResourceId resource, String at, Verdict verdict, Value given, String detail) {
    @Override
    public String toString() {
      return resource
          + ": "
          + at
          + ": "
          + (verdict == Verdict.UNDECIDED ? "cannot be decided; " : "")
          + detail;
    }
  }

  public TagReach {
    resources = List.copyOf(resources);
    sites = List.copyOf(sites);
  }

  /** What a model says. */
  public static TagReach of(Model model) {
    return TagPlaces.of(new Inspection(model, Map.of()));
  }

  /** The places where the tags do not certainly arrive. */
  public List<Place> shortcomings() {
    return Stream.concat(resources.stream(), sites.stream())
        .filter(place -> place.verdict() != Verdict.COMPLIANT)
        .toList();
  }

  /** Both counts in one line. */
  public String counts() {
    return "%s of %s taggable resources are tagged, %s of %s places carry the tags on"
        .formatted(reached(resources), resources.size(), reached(sites), sites.size());
  }

  private static long reached(List<Place> places) {
    return places.stream().filter(place -> place.verdict() == Verdict.COMPLIANT).count();
  }
}
