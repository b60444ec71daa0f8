package dev.mlinfra.cli;

import dev.mlinfra.core.Account;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Organization;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Target;
import dev.mlinfra.cost.PricedEnvironment;
import dev.mlinfra.local.EmbeddedAws;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.policy.ReportText;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts an environment on the embedded AWS with the real CDK CLI, as a user would on AWS. */
final class LocalDeployment {
  private static final Duration DEPLOY_LIMIT = Duration.ofMinutes(5);

  private final Workspace workspace;
  private final String environment;
  private final AwsSettings settings;
  private final Organization organization;

  LocalDeployment(Workspace workspace, Environment environment, AwsSettings settings) {
    this.workspace = workspace;
    this.environment = environment.name();
    this.settings = settings;
    this.organization = environment.organization();
  }

  /**
   * Synthesises; needs no AWS at all. Says how many resources there are. All environments are in
   * it, because what exists once per account serves all that are in the account.
   */
  String synthesise() {
    Synthesis.into(assembly(), Optional.empty(), workspace, log("synth"));
    Map<String, Integer> resources = resourcesByStack();
    return resources.size()
        + " stacks, "
        + resources.values().stream().mapToInt(Integer::intValue).sum()
        + " resources";
  }

  /**
   * Checks what was synthesised: all environments, as they are used.
   *
   * @param patterns how, by environment
   */
  String check(Map<String, Pattern> patterns) {
    Report report = Gate.standard().withPatterns(patterns).check(Models.read(assembly()));
    if (!report.errors().isEmpty()) {
      throw new CommandFailure(
          ExitCode.FINDINGS, "what was synthesised is not fine\n\n" + ReportText.of(report));
    }
    return report.counts();
  }

  /**
   * Prices what was synthesised, one line for each environment.
   *
   * @param environments their usage and limits, by name
   */
  String price(Map<String, Environment> environments) {
    return Costs.of(List.of(Models.read(assembly())), environments).stream()
        .map(PricedEnvironment::summary)
        .collect(Collectors.joining("\n        "));
  }

  /** Prepares the account for the CDK, once. */
  String bootstrap(EmbeddedAws aws) {
    List<String> arguments = new ArrayList<>(List.of("bootstrap"));
    List<String> regions =
        Stream.of(settings.region(), settings.shared().region()).distinct().toList();
    regions.forEach(region -> arguments.add("aws://" + settings.account() + "/" + region));
    arguments.addAll(List.of("--app", assembly().toString()));
    organization
        .bootstrapQualifier()
        .ifPresent(qualifier -> arguments.addAll(List.of("--qualifier", qualifier)));
    cdk("bootstrap", arguments.toArray(String[]::new))
        .mustSucceed(aws.adminEnvironment(), DEPLOY_LIMIT);
    return "account " + settings.account() + ", " + String.join(", ", regions);
  }

  /** Deploys what exists once per account, and keeps its outputs. */
  String deployAccount(EmbeddedAws aws) {
    return deploy(aws, "deploy-account", accountStage());
  }

  /** Deploys every stack of the environment, and keeps their outputs. */
  String deploy(EmbeddedAws aws) {
    return deploy(aws, "deploy", environment);
  }

  private String deploy(EmbeddedAws aws, String name, String stage) {
    Path outputs = Outputs.file(workspace.made("quickstart"), stage, Target.AWS);
    Folders.create(outputs.getParent());
    cdk(
            name,
            "deploy",
            stage + "/*",
            // The emulator makes no exports and no outputs from a change set.
            "--method=direct",
            "--require-approval",
            "never",
            "--outputs-file",
            outputs.toString(),
            "--app",
            assembly().toString())
        .mustSucceed(aws.adminEnvironment(), DEPLOY_LIMIT);
    return resourcesByStack().keySet().stream()
        .filter(stack -> stack.startsWith(stage + "/"))
        .collect(Collectors.joining(", "));
  }

  private String accountStage() {
    return Account.stageName(settings.account());
  }

  /** How many resources each stack that is deployed has, as its template says. */
  Map<String, Integer> resourcesByStack() {
    Map<String, Integer> resources = new TreeMap<>();
    templates()
        .forEach((stack, template) -> resources.put(stack, template.path("Resources").size()));
    return resources;
  }

  /** Types of the resources that are deployed and how many there are of each. */
  Map<String, Long> resourcesByType() {
    return templates().values().stream()
        .flatMap(template -> template.path("Resources").valueStream())
        .map(resource -> resource.path("Type").asString())
        .collect(Collectors.groupingBy(type -> type, TreeMap::new, Collectors.counting()));
  }

  /** Templates of the environment and of its account, by stack. */
  private Map<String, JsonNode> templates() {
    Map<String, JsonNode> templates = new TreeMap<>();
    try (Stream<Path> files = Files.walk(assembly())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".template.json")).toList()) {
        String artifact = file.getFileName().toString().replace(".template.json", "");
        String stack =
            JsonMapper.shared()
                .readTree(file.resolveSibling("manifest.json"))
                .path("artifacts")
                .path(artifact)
                .path("displayName")
                .asString(artifact);
        if (stack.startsWith(environment + "/") || stack.startsWith(accountStage() + "/")) {
          templates.put(stack, JsonMapper.shared().readTree(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return templates;
  }

  private Path assembly() {
    return workspace.made("quickstart").resolve(environment).resolve("cdk.out");
  }

  private Program cdk(String name, String... arguments) {
    return Program.cdk(workspace, name, log(name), arguments);
  }

  private Path log(String name) {
    return workspace.made("quickstart").resolve("logs").resolve("cdk-" + name + ".log");
  }
}
