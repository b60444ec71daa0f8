package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.iam.Rights.Step;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * No identity can give itself more rights by one of the ways that are known.
 *
 * <p>All policies of an identity count together: inline ones, attached ones of the model, those of
 * its groups; what a boundary or a {@code Deny} takes away is gone. A way that passes a role needs
 * {@code iam:PassRole} on roles that nobody named; its other actions may be narrowed to anything,
 * as that does not stop it.
 */
final class Escalation implements Rule {
  private static final int MOST_NAMED = 8;

  @Override
  public String id() {
    return "mlinfra::iam.escalation";
  }

  @Override
  public String requirement() {
    return "No identity can gain more rights than it was given by a known escalation path.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    StatementsByHolder statements = StatementsByHolder.of(inspection);
    statements
        .byHolder()
        .forEach(
            (id, held) ->
                inspection
                    .resource(id)
                    .ifPresent(
                        holder ->
                            check(
                                holder,
                                new Rights(held, statements.boundaries(holder)),
                                outcomes)));
  }

  private static void check(Resource holder, Rights rights, Outcomes.Of outcomes) {
    Map<Step, Ternary> known = new HashMap<>();
    List<EscalationPath> open = new ArrayList<>();
    List<EscalationPath> perhaps = new ArrayList<>();
    for (EscalationPath path : EscalationPath.ALL) {
      if (!canBe(holder, path)) {
        continue;
      }
      Ternary answer = Ternary.TRUE;
      for (Step step : steps(path)) {
        answer = answer.and(known.computeIfAbsent(step, rights::allow));
        if (answer == Ternary.FALSE) {
          break;
        }
      }
      if (answer == Ternary.TRUE) {
        open.add(path);
      } else if (answer == Ternary.UNKNOWN) {
        perhaps.add(path);
      }
    }
    if (open.isEmpty() && perhaps.isEmpty()) {
      outcomes.compliant(holder, "");
    } else if (open.isEmpty()) {
      say(Verdict.UNDECIDED, holder, rights, perhaps, outcomes);
    } else {
      say(Verdict.VIOLATED, holder, rights, open, outcomes);
    }
  }

  /** One outcome for all ways that the same statements open. */
  private static void say(
      Verdict verdict,
      Resource holder,
      Rights rights,
      List<EscalationPath> paths,
      Outcomes.Of outcomes) {
    Map<Set<String>, List<EscalationPath>> byPlaces = new LinkedHashMap<>();
    for (EscalationPath path : paths) {
      Set<String> places = new LinkedHashSet<>();
      steps(path).forEach(step -> places.add(place(holder, rights, step)));
      byPlaces.computeIfAbsent(places, key -> new ArrayList<>()).add(path);
    }
    for (List<EscalationPath> together : byPlaces.values()) {
      EscalationPath first = together.get(0);
      List<Step> steps = steps(first);
      String granted =
          steps.stream()
              .map(step -> step.action() + " by " + place(holder, rights, step))
              .collect(Collectors.joining(", "));
      outcomes.say(
          verdict,
          holder,
          "",
          new Value.Text(steps.stream().map(Step::action).collect(Collectors.joining(" "))),
          (verdict == Verdict.VIOLATED
                  ? "opens the escalation path "
                  : "opens, if what only the deployment knows or a condition allows it, the"
                      + " escalation path ")
              + first.id()
              + " ("
              + first.gives()
              + "): "
              + granted
              + others(together),
          "take away "
              + steps.get(0).action()
              + ", or name the resources that it is for without a wildcard");
    }
  }

  private static String others(List<EscalationPath> together) {
    if (together.size() == 1) {
      return "";
    }
    List<String> ids = together.stream().skip(1).map(EscalationPath::id).toList();
    return "; and "
        + String.join(", ", ids.subList(0, Math.min(MOST_NAMED, ids.size())))
        + (ids.size() > MOST_NAMED ? " and " + (ids.size() - MOST_NAMED) + " more" : "");
  }

  /** Where a step is granted: the first statement that does so. */
  private static String place(Resource holder, Rights rights, Step step) {
    return rights.allowing(step).stream()
        .findFirst()
        .map(StatementScope::statement)
        .map(
            statement ->
                statement.resource().id().equals(holder.id())
                    ? statement.at()
                    : statement.resource().id().name() + " " + statement.at())
        .orElse("");
  }

  private static List<Step> steps(EscalationPath path) {
    List<Step> steps = new ArrayList<>();
    path.beyond()
        .forEach(
            (action, example) ->
                steps.add(
                    new Step(
                        action,
                        Optional.of(example),
                        action.equals("iam:PassRole") ? path.passedTo() : List.of())));
    path.with().forEach(action -> steps.add(new Step(action, Optional.empty(), List.of())));
    return steps;
  }

  private static boolean canBe(Resource holder, EscalationPath path) {
    return switch (holder.type()) {
      case "AWS::IAM::Role" -> !path.holder().equals("user");
      case "AWS::IAM::User", "AWS::IAM::Group" -> !path.holder().equals("role");
      default -> true;
    };
  }
}
