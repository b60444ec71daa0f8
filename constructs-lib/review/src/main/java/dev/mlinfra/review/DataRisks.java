package dev.mlinfra.review;

import dev.mlinfra.policy.StatefulResources;
import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What happens to resources that hold data. */
final class DataRisks {
  private static final Set<String> POLICIES = Set.of("DeletionPolicy", "UpdateReplacePolicy");

  /** What becomes of the resource that is there; the first is the worst. */
  private enum Fate {
    DELETED("is deleted"),
    SNAPSHOT("is deleted after a snapshot"),
    PROTECTED("is protected, so the deployment fails"),
    KEPT("stays, and no stack manages it");

    private final String words;

    Fate(String words) {
      this.words = words;
    }
  }

  private record Ranked(Fate fate, ReviewItem item) {}

  private final List<Ranked> found = new ArrayList<>();

  private DataRisks() {}

  static List<ReviewItem> of(Sides sides) {
    DataRisks risks = new DataRisks();
    risks.stacks(sides);
    sides.comparison().changes().forEach(risks::change);
    // The order among equals stays.
    List<ReviewItem> items = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      risks.found.stream().filter(it -> it.fate() == fate).map(Ranked::item).forEach(items::add);
    }
    return items;
  }

  /** A stack by another name, or elsewhere, is another stack: the old one stays as it is. */
  private void stacks(Sides sides) {
    sides
        .matching()
        .stacks()
        .forEach(
            (before, after) -> {
              Stack old = sides.base().model().stack(before).orElseThrow();
              Stack now = sides.head().model().stack(after).orElseThrow();
              String was = target(old);
              String is = target(now);
              if (old.account().isPresent() && now.account().isPresent() && !was.equals(is)) {
                found.add(
                    new Ranked(
                        Fate.KEPT,
                        ReviewItem.of(
                            Risk.DATA,
                            ReviewItem.Place.named(now.id()),
                            "becomes another stack, in which everything is new and empty; the old"
                                + " one stays",
                            was,
                            is)));
              }
            });
  }

  private static String target(Stack stack) {
    return stack.name().orElse("")
        + " in "
        + stack.account().orElse("")
        + " "
        + stack.region().orElse("");
  }

  private void change(ResourceChange change) {
    if (change.base().isEmpty()) {
      return;
    }
    Resource base = change.base().get();
    Optional<String> held = StatefulResources.heldBy(base);
    if (held.isEmpty()) {
      return;
    }
    switch (change.kind()) {
      case REMOVED -> {
        Fate fate = fate(base, "DeletionPolicy");
        add(fate, base, "is removed: it " + fate.words + "; it " + held.get(), "", "");
      }
      case REPLACED -> {
        Fate fate = fate(base, "UpdateReplacePolicy");
        Fate now = change.head().map(it -> fate(it, "UpdateReplacePolicy")).orElse(fate);
        replaced(change, fate.compareTo(now) < 0 ? fate : now, held.get());
      }
      case RENAMED ->
          inItsPlace(change, "has another logical id", base.id().name(), name(change), held.get());
      case MOVED ->
          inItsPlace(
              change,
              "goes to another stack",
              base.id().stack(),
              change.resource().id().stack(),
              held.get());
      case UPDATED -> updated(change, held.get());
      case ADDED -> {}
    }
  }

  private static String name(ResourceChange change) {
    return change.resource().id().name();
  }

  private void replaced(ResourceChange change, Fate fate, String held) {
    String cause = change.replacedBy().get(0);
    Optional<Difference> difference =
        change.differences().stream().filter(it -> it.path().equals(cause)).findFirst();
    add(
        fate,
        change.resource(),
        "is replaced by an empty one, because of %s; the old one %s; it %s"
            .formatted(String.join(", ", change.replacedBy()), fate.words, held),
        difference.map(Difference::before).orElse(""),
        difference.map(Difference::after).orElse(""));
  }

  private void inItsPlace(
      ResourceChange change, String what, String before, String after, String held) {
    Fate fate = fate(change.base().orElseThrow(), "DeletionPolicy");
    add(
        fate,
        change.resource(),
        "%s, so an empty one takes its place; the old one %s; it %s"
            .formatted(what, fate.words, held),
        before,
        after);
  }

  private void updated(ResourceChange change, String held) {
    if (!change.perhapsReplacedBy().isEmpty()) {
      String cause = change.perhapsReplacedBy().get(0);
      Optional<Difference> difference =
          change.differences().stream().filter(it -> it.path().equals(cause)).findFirst();
      add(
          fate(change.resource(), "UpdateReplacePolicy"),
          change.resource(),
          "may be replaced by an empty one, because of %s; it %s"
              .formatted(String.join(", ", change.perhapsReplacedBy()), held),
          difference.map(Difference::before).orElse(""),
          difference.map(Difference::after).orElse(""));
    }
    Resource base = change.base().orElseThrow();
    for (String policy : List.of("DeletionPolicy", "UpdateReplacePolicy")) {
      Fate before = fate(base, policy);
      Fate after = fate(change.resource(), policy);
      if (after.compareTo(before) < 0) {
        add(
            after,
            change.resource(),
            "is no longer kept when it is %s; it %s"
                .formatted(policy.equals("DeletionPolicy") ? "removed" : "replaced", held),
            Words.orNothing(text(base, policy)),
            Words.orNothing(text(change.resource(), policy)));
      }
    }
  }

  private void add(Fate fate, Resource resource, String what, String before, String after) {
    found.add(new Ranked(fate, ReviewItem.of(Risk.DATA, resource, what, before, after)));
  }

  /** Whether a difference is told with the data, and not a second time with the rest. */
  static boolean tells(ResourceChange change, Difference difference) {
    if (change.base().flatMap(StatefulResources::heldBy).isEmpty()) {
      return false;
    }
    boolean cause =
        (change.kind() == Kind.REPLACED && change.replacedBy().get(0).equals(difference.path()))
            || (!change.perhapsReplacedBy().isEmpty()
                && change.perhapsReplacedBy().get(0).equals(difference.path()));
    boolean policy =
        POLICIES.contains(difference.path())
            && fate(change.resource(), difference.path())
                    .compareTo(fate(change.base().orElseThrow(), difference.path()))
                < 0;
    return cause || policy;
  }

  private static String text(Resource resource, String attribute) {
    return resource.attribute(attribute).asText().orElse("");
  }

  private static Fate fate(Resource resource, String policy) {
    if (isTrue(resource, "protect")) {
      return Fate.PROTECTED;
    }
    if (isTrue(resource, "retainOnDelete") || text(resource, policy).startsWith("Retain")) {
      return Fate.KEPT;
    }
    boolean snapshotByDefault =
        policy.equals("DeletionPolicy")
            && text(resource, policy).isEmpty()
            && (resource.type().equals("AWS::RDS::DBCluster")
                || (resource.type().equals("AWS::RDS::DBInstance")
                    && resource.property("DBClusterIdentifier").isMissing()));
    return snapshotByDefault || text(resource, policy).equals("Snapshot")
        ? Fate.SNAPSHOT
        : Fate.DELETED;
  }

  private static boolean isTrue(Resource resource, String attribute) {
    return resource.attribute(attribute).asBoolean().orElse(false);
  }
}
