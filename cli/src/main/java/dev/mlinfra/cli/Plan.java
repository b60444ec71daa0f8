package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.cost.EgressChoice;
import dev.mlinfra.cost.PricedEnvironment;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.PermissionWords;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a deployment of one environment would make.
 *
 * @param environment its name
 * @param resources how many of each type
 * @param cost what it costs, and whether it may
 * @param egress what it would cost with each way out of its network; empty where it makes none
 * @param permissions who may do what, in words
 * @param verdict what the gate found
 * @param notProven what none of this proves
 */
record Plan(
    String environment,
    Map<String, Long> resources,
    PricedEnvironment cost,
    List<EgressChoice> egress,
    List<PermissionWords.Subject> permissions,
    Report verdict,
    List<NotProven> notProven) {

  /**
   * The plan of each environment in a model, in the order of its stacks.
   *
   * @param model what was synthesised
   * @param known usage, limits and pattern of environments, by name
   */
  static List<Plan> of(Model model, Map<String, Environment> known) {
    Set<String> names = new LinkedHashSet<>();
    model.stacks().forEach(stack -> names.add(model.environment(stack.id())));
    return names.stream().map(name -> of(name, only(model, name), known)).toList();
  }

  private static Plan of(String name, Model model, Map<String, Environment> known) {
    Map<String, Pattern> patterns = new TreeMap<>();
    known.forEach((its, environment) -> patterns.put(its, environment.pattern()));
    Map<String, Long> resources =
        ResolvedModel.of(model).resources().stream()
            .collect(Collectors.groupingBy(Resource::type, TreeMap::new, Collectors.counting()));
    return new Plan(
        name,
        resources,
        Costs.of(List.of(model), known).get(0),
        EgressChoice.of(model, Costs.estimator(known)),
        PermissionWords.of(model),
        Gate.standard().withPatterns(patterns).check(model),
        NotProven.of(resources.keySet()));
  }

  /**
   * The stacks of one environment; stages refer to nothing in each other. What is not known stays,
   * unless it is about a stack of another one.
   */
  private static Model only(Model model, String environment) {
    Map<Boolean, List<Stack>> stacks =
        model.stacks().stream()
            .collect(
                Collectors.partitioningBy(
                    stack -> model.environment(stack.id()).equals(environment)));
    return new Model(
        model.kind(),
        stacks.get(true),
        model.gaps().stream()
            .filter(
                gap ->
                    stacks.get(false).stream()
                        .noneMatch(stack -> gap.where().startsWith(stack.id())))
            .toList());
  }

  /** Whether the gate found an error or a limit is not kept. */
  boolean hasFindings() {
    return cost.isOver() || !verdict.errors().isEmpty();
  }
}
