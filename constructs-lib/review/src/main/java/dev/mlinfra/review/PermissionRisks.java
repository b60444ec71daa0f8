package dev.mlinfra.review;

import dev.mlinfra.policy.Grant;
import dev.mlinfra.policy.Permissions;
import dev.mlinfra.template.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who may do more than before: a new principal, a new action, a wider resource. */
final class PermissionRisks {
  /** Grants of Pulumi's providers. */
  private static final Pattern GRANT =
      Pattern.compile(
          "(gcp|google-native):.*IAM(Member|Binding|Policy)|azure(-native)?:authorization.*:"
              + "(RoleAssignment|Assignment|RoleDefinition)"
              + "|kubernetes:rbac\\.authorization\\.k8s\\.io/.*:(Cluster)?Role(Binding)?"
              + "|aws:iam/.*|aws(-native)?:.*[pP]olicy");

  private static final Pattern NAMED = Pattern.compile("\\$\\{([^}]*)}");
  private static final String WHOEVER = "whoever has ";

  private final Sides sides;
  private final Permissions base;
  private final Permissions head;

  PermissionRisks(Sides sides) {
    this.sides = sides;
    Permissions before = Permissions.of(sides.base().model());
    this.base =
        new Permissions(named(before.identity()), named(before.trust()), named(before.resource()));
    this.head = Permissions.of(sides.head().model());
  }

  /** What someone may do that was not allowed before. */
  List<ReviewItem> broadened() {
    List<ReviewItem> items = new ArrayList<>();
    compare(base.identity(), head.identity(), Grant::principal, false, items);
    compare(base.trust(), head.trust(), Grant::resource, true, items);
    compare(base.resource(), head.resource(), Grant::resource, true, items);
    sides.comparison().changes().forEach(change -> boundaryOrGrant(change, items));
    return items;
  }

  /** What someone may no longer do. */
  List<ReviewItem> narrowed() {
    List<ReviewItem> items = new ArrayList<>();
    narrowed(base.identity(), head.identity(), Grant::principal, false, items);
    narrowed(base.trust(), head.trust(), Grant::resource, true, items);
    narrowed(base.resource(), head.resource(), Grant::resource, true, items);
    return items;
  }

  /** The grants of the base with the names of the head. */
  private List<Grant> named(List<Grant> grants) {
    return grants.stream()
        .map(
            it ->
                new Grant(
                    name(it.principal()), it.action(), name(it.resource()), name(it.condition())))
        .toList();
  }

  private String name(String text) {
    if (text.startsWith(WHOEVER)) {
      return WHOEVER + sides.name(text.substring(WHOEVER.length()));
    }
    return NAMED
        .matcher(sides.name(text))
        .replaceAll(found -> Matcher.quoteReplacement("${" + reference(found.group(1)) + "}"));
  }

  /** {@code stack:Name.Arn}: an attribute is what follows some dot. */
  private String reference(String inside) {
    for (int end = inside.length(); end > 0; end = inside.lastIndexOf('.', end - 1)) {
      String id = inside.substring(0, end);
      if (!sides.name(id).equals(id)) {
        return sides.name(id) + inside.substring(end);
      }
    }
    return inside;
  }

  /**
   * Tells what the head allows and the base does not.
   *
   * @param holder whose line it is: the identity, or the resource whose own policy says it
   * @param ofOthers whether principals are others than the holder
   */
  private void compare(
      List<Grant> before,
      List<Grant> after,
      Function<Grant, String> holder,
      boolean ofOthers,
      List<ReviewItem> items) {
    Map<String, List<Grant>> byHolder = by(before, holder);
    by(after, holder)
        .forEach(
            (name, grants) -> {
              List<Grant> old = byHolder.getOrDefault(name, List.of());
              allowed(name, old, uncovered(grants, old), ofOthers, items);
              List<Grant> lost = lostDenials(old, grants);
              if (!lost.isEmpty()) {
                items.add(
                    item(Risk.PERMISSIONS, name, "no longer denies", text(lost, name), "", lost));
              }
            });
  }

  private static Map<String, List<Grant>> by(List<Grant> grants, Function<Grant, String> holder) {
    return grants.stream()
        .collect(Collectors.groupingBy(holder, LinkedHashMap::new, Collectors.toList()));
  }

  /** The allowances that no one of others covers. */
  private static List<Grant> uncovered(List<Grant> grants, List<Grant> others) {
    return grants.stream()
        .filter(it -> !it.isDenial() && others.stream().noneMatch(other -> other.covers(it)))
        .toList();
  }

  private static List<Grant> lostDenials(List<Grant> old, List<Grant> now) {
    return old.stream()
        .filter(it -> it.isDenial() && now.stream().noneMatch(other -> other.covers(it)))
        .toList();
  }

  private record Kind(String words, String principal) {}

  private void allowed(
      String holder, List<Grant> old, List<Grant> fresh, boolean ofOthers, List<ReviewItem> items) {
    Map<Kind, List<Grant>> byKind = new LinkedHashMap<>();
    for (Grant grant : fresh) {
      Kind kind = new Kind(words(grant, old, ofOthers), ofOthers ? grant.principal() : "");
      byKind.computeIfAbsent(kind, it -> new ArrayList<>()).add(grant);
    }
    byKind.forEach(
        (kind, grants) ->
            items.add(
                item(
                    Risk.PERMISSIONS,
                    holder,
                    (kind.words() + " " + kind.principal()).strip(),
                    text(ofSameActions(grants, old), holder),
                    text(grants, holder),
                    grants)));
  }

  private static String words(Grant grant, List<Grant> old, boolean ofOthers) {
    List<Grant> ofPrincipal =
        old.stream()
            .filter(it -> !it.isDenial() && it.principal().equals(grant.principal()))
            .toList();
    if (ofPrincipal.isEmpty()) {
      return ofOthers ? "lets in" : "has permissions for the first time";
    }
    List<Grant> ofAction = ofSameActions(List.of(grant), ofPrincipal);
    if (ofAction.isEmpty()) {
      return ofOthers ? "allows more actions to" : "may do more";
    }
    if (ofAction.stream().anyMatch(it -> unconditioned(it).covers(unconditioned(grant)))) {
      return ofOthers ? "asks for another condition of" : "may do it under another condition";
    }
    return ofOthers ? "allows more resources to" : "may do it on more resources";
  }

  private static Grant unconditioned(Grant grant) {
    return new Grant(grant.principal(), grant.action(), grant.resource(), "");
  }

  /** The allowances of the base for the same principals and actions, whatever on. */
  private static List<Grant> ofSameActions(List<Grant> grants, List<Grant> old) {
    return old.stream()
        .filter(it -> !it.isDenial())
        .filter(it -> grants.stream().anyMatch(grant -> anywhere(it).covers(anywhere(grant))))
        .toList();
  }

  private static Grant anywhere(Grant grant) {
    return new Grant(grant.principal(), grant.action(), "", "");
  }

  /** Actions on the same resources stand together. */
  private static String text(List<Grant> grants, String holder) {
    Map<String, Set<String>> byAction = new LinkedHashMap<>();
    for (Grant grant : grants) {
      String on = grant.resource().equals(holder) ? "" : " on " + grant.resource();
      String when = grant.condition().isEmpty() ? "" : " if " + grant.condition();
      byAction.computeIfAbsent(grant.action(), it -> new LinkedHashSet<>()).add(on + when);
    }
    Map<Set<String>, List<String>> byPlace = new LinkedHashMap<>();
    byAction.forEach(
        (action, on) -> byPlace.computeIfAbsent(on, it -> new ArrayList<>()).add(action));
    return byPlace.entrySet().stream()
        .map(
            entry ->
                String.join(", ", entry.getValue())
                    + String.join(" and", entry.getKey()).replace(" and on ", ", "))
        .collect(Collectors.joining("; "));
  }

  private void narrowed(
      List<Grant> before,
      List<Grant> after,
      Function<Grant, String> holder,
      boolean ofOthers,
      List<ReviewItem> items) {
    Map<String, List<Grant>> byHolder = by(after, holder);
    by(before, holder)
        .forEach(
            (name, grants) -> {
              List<Grant> lost = uncovered(grants, byHolder.getOrDefault(name, List.of()));
              // A policy that goes with its resource is no news.
              if (!lost.isEmpty() && isStill(name)) {
                String who =
                    lost.stream()
                        .map(Grant::principal)
                        .distinct()
                        .collect(Collectors.joining(", ", " to ", ""));
                String what = "no longer allows" + (ofOthers ? who : "");
                items.add(item(Risk.OTHER, name, what, text(lost, name), "", lost));
              }
            });
  }

  private boolean isStill(String holder) {
    return sides.isInHead(holder);
  }

  private ReviewItem item(
      Risk risk, String holder, String what, String before, String after, List<Grant> grants) {
    return ReviewItem.of(risk, place(holder, grants), what, before, after);
  }

  private ReviewItem.Place place(String holder, List<Grant> grants) {
    String id = holder.startsWith(WHOEVER) ? holder.substring(WHOEVER.length()) : holder;
    Optional<Resource> resource = sides.resource(id);
    return resource
        .map(ReviewItem.Place::of)
        .orElseGet(
            () -> ReviewItem.Place.named(holder.isEmpty() ? grants.get(0).action() : holder));
  }

  private void boundaryOrGrant(ResourceChange change, List<ReviewItem> items) {
    if (change.head().isEmpty()) {
      return;
    }
    Resource head = change.head().get();
    for (Difference difference : change.differences()) {
      if (difference.path().equals("PermissionsBoundary") && !difference.before().isEmpty()) {
        items.add(
            ReviewItem.of(
                Risk.PERMISSIONS,
                head,
                difference.after().isEmpty()
                    ? "has no permissions boundary any more"
                    : "has another permissions boundary",
                difference.before(),
                difference.after()));
      }
    }
    if (isGrant(change)) {
      boolean isNew = change.base().isEmpty();
      String after = isNew ? shown(head) : differences(change, Difference::after);
      items.add(
          ReviewItem.of(
              Risk.PERMISSIONS,
              head,
              isNew ? "is a new grant" : "grants something else",
              isNew ? "" : differences(change, Difference::before),
              after));
    }
  }

  private static String differences(ResourceChange change, Function<Difference, String> side) {
    return change.differences().stream()
        .map(it -> it.path() + ": " + Words.orNothing(side.apply(it)))
        .collect(Collectors.joining("; "));
  }

  private String shown(Resource grant) {
    return Shown.of(sides.head().properties(grant), "", sides.head().context(grant));
  }

  /** Whether it grants something by a resource of its own, as Pulumi's providers do. */
  static boolean isGrant(ResourceChange change) {
    return GRANT.matcher(change.type()).matches();
  }
}
