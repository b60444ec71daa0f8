package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code mlinfra doctor}. */
@Command(
    name = "doctor",
    description = {
      "Look whether what an environment needs outside of this project is there and usable,",
      "and say how to mend what is not. Changes nothing. So far for the section runpod.",
      "Exit code 3 when something is not usable."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--env",
      defaultValue = "dev",
      paramLabel = "NAME",
      description = "Environment. Default: ${DEFAULT-VALUE}.")
  private String name;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}. Default: text.")
  private TextOrJson format;

  @Spec private CommandSpec spec;

  /** Tests have others. */
  Map<String, String> variables = System.getenv();

  @Override
  public Integer call() {
    Workspace workspace = Workspace.current();
    Environment environment = workspace.environment(name);
    PrintWriter out = spec.commandLine().getOut();
    if (environment.runpod().isEmpty()) {
      throw new CommandFailure(
          ExitCode.WRONG_INPUT,
          "environment " + name + " has no section runpod, and doctor looks at nothing else yet");
    }
    JsonNode outputs = outputs(Outputs.file(workspace.state(), name, Target.RUNPOD));
    List<RunPodDoctor.Check> checks =
        new RunPodDoctor(variables, environment, output -> outputs.path(output).asString(""))
            .examine();
    if (format == TextOrJson.JSON) {
      out.println(json(checks).toPrettyString());
    } else {
      checks.forEach(check -> print(out, check));
    }
    out.flush();
    boolean wrong = checks.stream().anyMatch(it -> it.result() == RunPodDoctor.Result.WRONG);
    return wrong ? ExitCode.NOT_USABLE : ExitCode.FINE;
  }

  private static JsonNode outputs(Path file) {
    if (!Files.isRegularFile(file)) {
      return JsonMapper.shared().createObjectNode();
    }
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArrayNode json(List<RunPodDoctor.Check> checks) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    for (RunPodDoctor.Check check : checks) {
      all.addObject()
          .put("what", check.what())
          .put("result", word(check))
          .put("detail", check.detail())
          .put("fix", check.fix());
    }
    return all;
  }

  private static void print(PrintWriter out, RunPodDoctor.Check check) {
    out.printf("%-8s %s: %s%n", word(check), check.what(), check.detail());
    if (!check.fix().isEmpty()) {
      out.printf("         fix: %s%n", check.fix());
    }
  }

  private static String word(RunPodDoctor.Check check) {
    return check.result().name().toLowerCase(Locale.ROOT);
  }
}
