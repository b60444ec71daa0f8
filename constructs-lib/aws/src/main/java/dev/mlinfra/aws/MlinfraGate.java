package dev.mlinfra.aws;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.IPolicyValidationContextBeta1;
import software.amazon.awscdk.IPolicyValidationPluginBeta1;
import software.amazon.awscdk.PolicyValidationPluginReportBeta1;
import software.amazon.awscdk.PolicyViolatingResourceBeta1;
import software.amazon.awscdk.PolicyViolationBeta1;

/**
 * Checks every synthesis against the rules of {@link Gate}, as a validation plugin of the CDK:
 *
 * <pre>{@code
 * App app = App.Builder.create().policyValidationBeta1(List.of(new MlinfraGate())).build();
 * }</pre>
 *
 * What is wrong fails the synthesis. What cannot be decided is a warning and does not. What stays
 * is acknowledged with {@link Acknowledge}.
 *
 * <p>Under the CDK CLI what counts is what is found in the stacks that a command selects; without
 * it {@code app.synth()} throws. An older CDK, 2.250.0 among them but not 2.263.0, prints what is
 * wrong and lets a Java app end as if nothing was: there, call {@link #throwIfFailed()} after
 * {@code app.synth()}.
 */
public final class MlinfraGate implements IPolicyValidationPluginBeta1 {
  private final Gate gate;
  private Optional<Report> last = Optional.empty();

  /** Checks with {@link Gate#standard()}. */
  public MlinfraGate() {
    this(Gate.standard());
  }

  /** Checks with a gate that knows patterns or acknowledgements. */
  public MlinfraGate(Gate gate) {
    this.gate = gate;
  }

  /** The name under which the CDK tells findings. */
  @Override
  public String getName() {
    return "mlinfra";
  }

  /** Called by the CDK when everything is synthesised. */
  @Override
  public PolicyValidationPluginReportBeta1 validate(IPolicyValidationContextBeta1 context) {
    last = Optional.empty();
    List<Path> templates = context.getTemplatePaths().stream().map(Path::of).toList();
    Model model =
        templates.isEmpty()
            ? new Model(SourceKind.ASSEMBLY, List.of(), List.of())
            : Models.read(assembly(templates));
    Report report = gate.check(model);
    last = Optional.of(report);
    return PolicyValidationPluginReportBeta1.builder()
        .success(report.errors().isEmpty())
        .violations(report.findings().stream().map(finding -> violation(finding, model)).toList())
        .build();
  }

  /**
   * Throws what is wrong with what was synthesised last; nothing when it is fine.
   *
   * @throws ValidationException with a problem for each error
   * @throws IllegalStateException when nothing was checked: before the synthesis, and when what was
   *     synthesised could not be read
   */
  public void throwIfFailed() {
    Report report =
        last.orElseThrow(
            () -> new IllegalStateException("nothing was checked: call it after app.synth()"));
    ValidationException.throwIfAny(
        "What was synthesised", report.errors().stream().map(MlinfraGate::problem).toList());
  }

  private static Problem problem(Finding finding) {
    return Problem.of(
        finding.where(), finding.rule() + ": " + description(finding), "", finding.fix());
  }

  /** The folder that holds all these templates: that of the app, or of the only stage. */
  private static Path assembly(List<Path> templates) {
    Path folder = templates.get(0).getParent();
    while (!holds(folder, templates) || !Files.isRegularFile(folder.resolve("manifest.json"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static boolean holds(Path folder, List<Path> templates) {
    return templates.stream().allMatch(template -> template.startsWith(folder));
  }

  private static PolicyViolationBeta1 violation(Finding finding, Model model) {
    return PolicyViolationBeta1.builder()
        .ruleName(finding.rule())
        .severity(finding.isError() ? "error" : "warning")
        .description(
            finding.resource().isPresent()
                ? description(finding)
                : finding.where() + ": " + description(finding))
        .fix(finding.fix())
        .violatingResources(List.of(place(finding, model)))
        .build();
  }

  /** Without the place, which stands beside it. */
  private static String description(Finding finding) {
    StringBuilder text = new StringBuilder();
    if (!finding.at().isEmpty()) {
      text.append(finding.at()).append(": ");
    }
    text.append(finding.problem());
    if (!finding.given().isEmpty()) {
      text.append("; given: ").append(finding.given());
    }
    finding.source().ifPresent(line -> text.append("; made by ").append(line));
    return text.toString();
  }

  /** The CDK shows no finding without a place: one of a whole stack stands at its template. */
  private static PolicyViolatingResourceBeta1 place(Finding finding, Model model) {
    String stack = finding.resource().map(id -> id.stack()).orElse(finding.where());
    String template =
        model
            .stack(stack)
            .or(() -> model.stacks().stream().findFirst())
            .map(Stack::file)
            .orElse("");
    return PolicyViolatingResourceBeta1.builder()
        .resourceLogicalId(finding.resource().map(id -> id.name()).orElse(""))
        .templatePath(template)
        .locations(finding.at().isEmpty() ? List.of() : List.of(finding.at()))
        .build();
  }
}
