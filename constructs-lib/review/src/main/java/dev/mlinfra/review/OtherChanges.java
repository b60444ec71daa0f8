package dev.mlinfra.review;

import dev.mlinfra.policy.StatefulResources;
import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no other risk tells. */
final class OtherChanges {
  /** Where policies stand; what they grant is told as permissions. */
  private static final Pattern POLICY =
      Pattern.compile(
          "((?:PolicyDocument|AssumeRolePolicyDocument|Policies|KeyPolicy|RepositoryPolicyText"
              + "|ResourcePolicy|ManagedPolicyArns|PolicyText)(?=$|[.\\[])).*");

  /** Exports that the CDK makes by itself. */
  private static final String GENERATED = "ExportsOutput";

  private OtherChanges() {}

  static List<ReviewItem> of(Sides sides) {
    List<ReviewItem> items = new ArrayList<>();
    for (ResourceChange change : sides.comparison().changes()) {
      whole(change).ifPresent(items::add);
      differences(change, items);
    }
    outputs(sides, items);
    return items;
  }

  private static Optional<ReviewItem> whole(ResourceChange change) {
    boolean data = change.base().flatMap(StatefulResources::heldBy).isPresent();
    if (data && change.kind() != Kind.UPDATED) {
      return Optional.empty();
    }
    return switch (change.kind()) {
      case ADDED ->
          ReachRisks.tells(change) || PermissionRisks.isGrant(change)
              ? Optional.empty()
              : Optional.of(item(change, "is new", "", ""));
      case REMOVED ->
          ReachRisks.tells(change)
              ? Optional.empty()
              : Optional.of(item(change, "is removed", "", ""));
      case REPLACED ->
          Optional.of(
              item(
                  change,
                  "is replaced, because of " + String.join(", ", change.replacedBy()),
                  "",
                  ""));
      case RENAMED ->
          Optional.of(
              item(
                  change,
                  "has another logical id, so a new one takes its place",
                  change.base().orElseThrow().id().name(),
                  change.resource().id().name()));
      case MOVED ->
          Optional.of(
              item(
                  change,
                  "goes to another stack, so a new one takes its place",
                  change.base().orElseThrow().id().stack(),
                  change.resource().id().stack()));
      case UPDATED -> Optional.empty();
    };
  }

  private static void differences(ResourceChange change, List<ReviewItem> items) {
    if (PermissionRisks.isGrant(change)) {
      return;
    }
    List<String> policies = new ArrayList<>();
    for (Difference difference : change.differences()) {
      boolean told =
          DataRisks.tells(change, difference)
              || TagRisks.tells(difference)
              || ReachRisks.tells(change, difference)
              || difference.path().equals("PermissionsBoundary");
      if (told) {
        continue;
      }
      Matcher policy = POLICY.matcher(difference.path());
      if (!policy.matches()) {
        String perhaps =
            change.perhapsReplacedBy().contains(difference.path()) ? ", which may replace it" : "";
        items.add(
            item(
                change,
                "changes " + difference.path() + perhaps,
                difference.before(),
                difference.after()));
      } else if (!policies.contains(policy.group(1))) {
        policies.add(policy.group(1));
      }
    }
    for (String policy : policies) {
      items.add(
          item(
              change,
              "changes " + policy + "; what it grants is told with the permissions",
              "",
              ""));
    }
  }

  private static ReviewItem item(ResourceChange change, String what, String before, String after) {
    return ReviewItem.of(Risk.OTHER, change.resource(), what, before, after);
  }

  /** The outputs of stacks that both sides have. */
  private static void outputs(Sides sides, List<ReviewItem> items) {
    Map<String, String> stacks = sides.matching().stacks();
    Canonical ofBase = sides.canonicalOfBase();
    Canonical ofHead = new Canonical(Map.of());
    Map<String, String> before = new LinkedHashMap<>();
    for (Output output : sides.base().model().outputs()) {
      if (stacks.containsKey(output.stack())) {
        Value value = output.value().resolve(sides.base().model().contextOf(output.stack()));
        before.put(name(stacks.get(output.stack()), output), ofBase.of(value, ""));
      }
    }
    for (Output output : sides.head().model().outputs()) {
      if (stacks.containsValue(output.stack())) {
        String name = name(output.stack(), output);
        Value value = output.value().resolve(sides.head().model().contextOf(output.stack()));
        String old = before.remove(name);
        if (old == null) {
          tell(name, "is new", items);
        } else if (!isKnownLater(value, sides) && !old.equals(ofHead.of(value, ""))) {
          tell(name, "has another value", items);
        }
      }
    }
    before.keySet().forEach(name -> tell(name, "is removed: who reads it gets nothing", items));
  }

  private static String name(String stack, Output output) {
    return stack + ": output " + output.name();
  }

  /** A preview of Pulumi knows few outputs. */
  private static boolean isKnownLater(Value value, Sides sides) {
    return sides.head().model().isPulumi() && !value.isLiteral();
  }

  private static void tell(String output, String what, List<ReviewItem> items) {
    if (!output.contains(": output " + GENERATED)) {
      items.add(ReviewItem.of(Risk.OTHER, ReviewItem.Place.named(output), what, "", ""));
    }
  }
}
