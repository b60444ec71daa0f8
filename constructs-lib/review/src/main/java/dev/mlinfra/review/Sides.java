package dev.mlinfra.review;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Both models, and what is known of which resource is which. */
final class Sides {
  private final ResolvedModel base;
  private final ResolvedModel head;
  private final Matching matching;
  private final Map<String, String> names;
  private final Map<String, Resource> headById = new HashMap<>();
  private final Map<String, Resource> baseById = new HashMap<>();
  private final Comparison comparison;

  private Sides(Model base, Model head) {
    this.base = ResolvedModel.of(base);
    this.head = ResolvedModel.of(head);
    this.matching = Matching.of(this.base, this.head);
    this.names = matching.names();
    head.resources().forEach(it -> headById.put(it.id().toString(), it));
    base.resources().forEach(it -> baseById.put(it.id().toString(), it));
    this.comparison = Changes.of(this);
  }

  static Sides of(Model base, Model head) {
    return new Sides(base, head);
  }

  ResolvedModel base() {
    return base;
  }

  ResolvedModel head() {
    return head;
  }

  Matching matching() {
    return matching;
  }

  Comparison comparison() {
    return comparison;
  }

  /** Writes values of the base with the names of the head. */
  Canonical canonicalOfBase() {
    return new Canonical(names);
  }

  /** How the head calls what the base calls so. */
  String name(String ofBase) {
    return names.getOrDefault(ofBase, ofBase);
  }

  String name(ResourceId ofBase) {
    return name(ofBase.toString());
  }

  boolean isInHead(String id) {
    return headById.containsKey(id);
  }

  /** The resource of an id of the head; one that goes, as it was. */
  Optional<Resource> resource(String id) {
    return Optional.ofNullable(headById.get(id)).or(() -> Optional.ofNullable(baseById.get(id)));
  }
}
