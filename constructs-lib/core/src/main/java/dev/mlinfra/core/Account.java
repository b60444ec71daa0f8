package dev.mlinfra.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An AWS account and the environments in it. What exists once per account is deployed before them.
 *
 * @param number account number, 12 digits
 * @param environments the environments in it, at least one, sorted by name; all have an {@code aws}
 *     section and agree on what exists once
 */
public record Account(String number, List<Environment> environments) {
  /** Name that stands where an environment's would; no environment may be called so. */
  public static final String NAME = "account";

  public Account {
    environments = List.copyOf(environments);
  }

  /**
   * The accounts of some environments, sorted by number.
   *
   * @param environments those without an {@code aws} section are left out
   * @throws ValidationException when environments of one account do not agree on what exists once
   *     in it
   */
  public static List<Account> of(List<Environment> environments) {
    Map<String, List<Environment>> byNumber = new TreeMap<>();
    environments.stream()
        .filter(environment -> environment.aws().isPresent())
        .sorted(java.util.Comparator.comparing(Environment::name))
        .forEach(
            environment ->
                byNumber
                    .computeIfAbsent(aws(environment).account(), number -> new ArrayList<>())
                    .add(environment));
    List<Problem> problems = new ArrayList<>();
    byNumber.forEach((number, inIt) -> problems.addAll(disagreements(number, inIt)));
    ValidationException.throwIfAny("environments", problems);
    return byNumber.entrySet().stream()
        .map(entry -> new Account(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** What exists once. */
  public SharedSettings shared() {
    return aws(environments.get(0)).shared();
  }

  /** What the organisation demands. */
  public Organization organization() {
    return environments.get(0).organization();
  }

  /** The project. */
  public String project() {
    return environments.get(0).project();
  }

  /**
   * Name of the permissions boundary of this account's workloads. It is fixed, so that roles can
   * name it in stacks of their own.
   */
  public static String workloadBoundary(String project) {
    return project + "-workload-boundary";
  }

  /**
   * The stage of what exists once: the first part of its stacks' paths.
   *
   * @param number account number
   * @return such as {@code account-123456789012}
   */
  public static String stageName(String number) {
    return NAME + "-" + number;
  }

  /**
   * The name of a stack of what exists once.
   *
   * @param stack such as {@code Access}
   * @return such as {@code ml-agent-account-Access}
   */
  public String stackName(String stack) {
    return project() + "-" + NAME + "-" + stack;
  }

  /**
   * The cost tags of what exists once: owner and cost centre are those of the first environment.
   *
   * @param workload what it is for, such as {@code access}
   */
  public CostTags costTags(String workload) {
    Environment first = environments.get(0);
    return new CostTags(
        project(), NAME, first.owner(), first.costCenter(), workload, organization().extraTags());
  }

  private static List<Problem> disagreements(String number, List<Environment> environments) {
    List<Problem> problems = new ArrayList<>();
    agree("project", number, environments, Environment::project, problems);
    agree("organization", number, environments, Environment::organization, problems);
    agree("aws.shared", number, environments, env -> aws(env).shared(), problems);
    if (environments.stream().anyMatch(env -> !aws(env).shared().operators().isEmpty())) {
      // The operator role's permissions name them.
      agree("aws.data.prefixes", number, environments, env -> aws(env).data().prefixes(), problems);
    }
    // Those without github neither need the provider nor say anything about it.
    List<Environment> onGitHub =
        environments.stream().filter(env -> aws(env).github().isPresent()).toList();
    agree(
        "aws.github.oidcProviderArn",
        number,
        onGitHub,
        env -> aws(env).github().orElseThrow().oidcProviderArn(),
        problems);
    return problems;
  }

  private static void agree(
      String path,
      String number,
      List<Environment> environments,
      Function<Environment, Object> part,
      List<Problem> problems) {
    if (environments.stream().map(part).distinct().count() > 1) {
      String names = String.join(", ", environments.stream().map(Environment::name).toList());
      problems.add(
          Problem.of(
              path,
              "differs between the environments of account " + number + ": " + names,
              "the same in all of them, since it exists once",
              "write it in the file that all of them extend"
                  + (path.equals("aws.shared")
                      ? "; with several regions name aws.shared.region"
                      : "")));
    }
  }

  private static AwsSettings aws(Environment environment) {
    return environment.aws().orElseThrow();
  }
}
