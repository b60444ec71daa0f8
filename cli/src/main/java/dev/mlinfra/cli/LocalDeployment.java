package dev.mlinfra.cli;

import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Organization;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.local.EmbeddedAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts an environment on the embedded AWS with the real CDK CLI, as a user would on AWS. */
final class LocalDeployment {
  private static final Duration SYNTH_LIMIT = Duration.ofMinutes(15);
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

  /** Synthesises; needs no AWS at all. Says how many resources there are. */
  String synthesise() {
    Folders.delete(assembly());
    cdk("synth", "synth", "-c", "env=" + environment, "--quiet", "--output", assembly().toString())
        .mustSucceed(Map.of("CDK_VALIDATION", "false", "CI", "true"), SYNTH_LIMIT);
    Map<String, Integer> resources = resourcesByStack();
    return resources.size()
        + " stacks, "
        + resources.values().stream().mapToInt(Integer::intValue).sum()
        + " resources";
  }

  /** Prepares the account for the CDK, once. */
  String bootstrap(EmbeddedAws aws) {
    List<String> arguments = new ArrayList<>(List.of("bootstrap"));
    arguments.add("aws://" + settings.account() + "/" + settings.region());
    arguments.addAll(List.of("--app", assembly().toString()));
    organization
        .bootstrapQualifier()
        .ifPresent(qualifier -> arguments.addAll(List.of("--qualifier", qualifier)));
    cdk("bootstrap", arguments.toArray(String[]::new))
        .mustSucceed(aws.adminEnvironment(), DEPLOY_LIMIT);
    return "account " + settings.account() + ", " + settings.region();
  }

  /** Deploys every stack of the environment and keeps their outputs. */
  String deploy(EmbeddedAws aws) {
    Path outputs = Outputs.awsFile(workspace.made("quickstart"), environment);
    Folders.create(outputs.getParent());
    cdk(
            "deploy",
            "deploy",
            environment + "/*",
            // The emulator makes no exports and no outputs from a change set.
            "--method=direct",
            "--require-approval",
            "never",
            "--outputs-file",
            outputs.toString(),
            "--app",
            assembly().toString())
        .mustSucceed(aws.adminEnvironment(), DEPLOY_LIMIT);
    return String.join(", ", resourcesByStack().keySet());
  }

  /** How many resources each stack has, as its template says. */
  Map<String, Integer> resourcesByStack() {
    Map<String, Integer> resources = new TreeMap<>();
    for (Path template : templates()) {
      JsonNode manifest =
          JsonMapper.shared().readTree(template.resolveSibling("manifest.json")).path("artifacts");
      String artifact = template.getFileName().toString().replace(".template.json", "");
      resources.put(
          manifest.path(artifact).path("displayName").asString(artifact),
          JsonMapper.shared().readTree(template).path("Resources").size());
    }
    return resources;
  }

  /** Types of the resources and how many there are of each. */
  Map<String, Long> resourcesByType() {
    return templates().stream()
        .flatMap(
            template -> {
              List<String> types = new ArrayList<>();
              JsonMapper.shared()
                  .readTree(template)
                  .path("Resources")
                  .forEach(resource -> types.add(resource.path("Type").asString()));
              return types.stream();
            })
        .collect(Collectors.groupingBy(type -> type, TreeMap::new, Collectors.counting()));
  }

  private List<Path> templates() {
    try (Stream<Path> files = Files.walk(assembly())) {
      return files.filter(file -> file.toString().endsWith(".template.json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path assembly() {
    return workspace.made("quickstart").resolve(environment).resolve("cdk.out");
  }

  private Program cdk(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(workspace.cdk().toString());
    command.addAll(List.of(arguments));
    return new Program(
        "cdk " + name,
        command,
        workspace.root(),
        workspace.made("quickstart").resolve("logs").resolve("cdk-" + name + ".log"));
  }
}
