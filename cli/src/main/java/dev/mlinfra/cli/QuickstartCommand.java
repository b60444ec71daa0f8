package dev.mlinfra.cli;

import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.local.EmbeddedAws;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mlinfra quickstart}. */
@Command(
    name = "quickstart",
    description = {
      "Deploy an environment to the embedded AWS, train a small model and predict with it,",
      "and again on an emulated RunPod if the environment has a section for it.",
      "Needs no cloud account; sets up what is missing."
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final int STEPS = 14;
  private static final int STEPS_ON_RUNPOD = 3;

  @Option(
      names = "--env",
      defaultValue = "dev",
      paramLabel = "NAME",
      description = "Environment. Default: ${DEFAULT-VALUE}.")
  private String name;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    Workspace workspace = Workspace.current();
    PrintWriter out = spec.commandLine().getOut();
    Environment environment = workspace.environment(name);
    boolean onRunPod = environment.runpod().isPresent();
    Steps steps = new Steps(out, onRunPod ? STEPS + STEPS_ON_RUNPOD : STEPS);
    AwsSettings settings =
        environment
            .aws()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.WRONG_INPUT,
                        "environment "
                            + name
                            + " has no aws section, so there is nothing to deploy"));
    LocalDeployment deployment = new LocalDeployment(workspace, environment, settings);
    EmbeddedAws aws = workspace.embeddedAws(settings);
    AtomicBoolean interrupted = new AtomicBoolean(true);
    try {
      run(steps, workspace, environment, deployment, aws, interrupted);
    } catch (RuntimeException e) {
      if (!Program.isStopping()) {
        // A failure, not an interruption: what runs helps to find the reason.
        interrupted.set(false);
        out.println("What was made stays for a look; ./mlinfra local down removes it.");
      }
      throw e;
    }
    interrupted.set(false);
    summary(out, deployment, aws, onRunPod);
    out.printf(Locale.ROOT, "%nDone in %.1f s.%n", (System.nanoTime() - start) / 1e9);
    out.flush();
    return ExitCode.FINE;
  }

  private void run(
      Steps steps,
      Workspace workspace,
      Environment environment,
      LocalDeployment deployment,
      EmbeddedAws aws,
      AtomicBoolean interrupted) {
    steps.step(
        "Set up the tools",
        () -> {
          Tools.install(workspace, "cdk", "local", "training");
          return "CDK CLI, embedded AWS, scikit-learn";
        });
    steps.step("Synthesise", deployment::synthesise);
    PrintWriter err = spec.commandLine().getErr();
    steps.step(
        "Check what was synthesised",
        () -> deployment.check(Environments.patterns(workspace.environments(), err)));
    steps.step(
        "Price what was synthesised",
        () -> deployment.price(Environments.of(workspace.environments())));
    steps.step(
        "Start the embedded AWS",
        () -> {
          EmbeddedAws.Handle server = aws.start();
          if (server.startedNow()) {
            // An interrupted first run leaves nothing half-made behind.
            Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stopIf(interrupted, aws), "stop-embedded-aws"));
          }
          return server.endpoint() + (server.startedNow() ? "" : " (ran already)");
        });
    // Deploying is the administrator's work; what is deployed then works under its own roles.
    aws.enforceIam(false);
    steps.step("Bootstrap the account", () -> deployment.bootstrap(aws));
    steps.step("Deploy what the account has once", () -> deployment.deployAccount(aws));
    steps.step("Deploy " + name + " with the CDK CLI", () -> deployment.deploy(aws));
    steps.step(
        "Enforce IAM",
        () -> {
          aws.enforceIam(true);
          return "each program now has its own role's permissions only";
        });
    SampleRun sample = new SampleRun(workspace, environment, aws);
    steps.step("Upload a dataset", sample::upload);
    steps.step("Train under the trainer's role", sample::train);
    steps.step("Predict under the function's role", sample::predict);
    steps.step("Compare with scikit-learn", sample::compare);
    steps.step("Make a call that must fail", sample::failOnPurpose);
    if (environment.runpod().isPresent()) {
      runOnRunPod(steps, workspace, environment, sample);
    }
  }

  private void runOnRunPod(
      Steps steps, Workspace workspace, Environment environment, SampleRun sample) {
    steps.step(
        "Set up the tools for RunPod",
        () -> {
          Tools.install(workspace, "worker", "pulumi");
          LocalPulumi.build(workspace);
          return "Pulumi CLI, provider, worker";
        });
    try (LocalRunPod runPod = new LocalRunPod(workspace, environment)) {
      steps.step("Deploy runpod-" + name + " with the Pulumi CLI to an emulator", runPod::deploy);
      steps.step(
          "Predict through its endpoint and compare with scikit-learn",
          () -> sample.predictOn(runPod));
    }
  }

  private static void stopIf(AtomicBoolean interrupted, EmbeddedAws aws) {
    if (interrupted.get()) {
      aws.stop();
    }
  }

  private void summary(
      PrintWriter out, LocalDeployment deployment, EmbeddedAws aws, boolean onRunPod) {
    out.println();
    out.println("Made in " + name + " and its account:");
    deployment.resourcesByType().forEach((type, count) -> out.printf("  %3d %s%n", count, type));
    out.println();
    out.println("Not checked here, since the emulator cannot:");
    for (EmbeddedAws.NotChecked item : aws.notChecked()) {
      if (concerns(item, deployment.resourcesByType().keySet())) {
        out.println("  " + item.what() + ": " + item.reason());
      }
    }
    out.println();
    out.println("Next:");
    out.println(
        "  ./mlinfra plan --env " + name + "             see prices and permissions in full");
    out.println("  ./mlinfra local status             see what runs");
    out.println("  ./mlinfra local down               remove all of it");
    out.println("  npx cdk deploy 'account-*/*'       deploy what your AWS account has once");
    out.println("  npx cdk diff '" + name + "/*'              compare with your AWS account");
    out.println("  npx cdk deploy '" + name + "/*'            deploy to it");
    if (onRunPod) {
      out.println("  pulumi up -s runpod-" + name + "             deploy to your RunPod account");
    }
  }

  /** What is not checked of a type that was not deployed is of no interest here. */
  private static boolean concerns(EmbeddedAws.NotChecked item, Set<String> types) {
    String type = item.what().split("\\.", 2)[0];
    return !type.startsWith("AWS::") || types.contains(type);
  }
}
