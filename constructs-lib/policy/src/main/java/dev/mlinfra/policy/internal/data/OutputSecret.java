package dev.mlinfra.policy.internal.data;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Parameter;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Optional;

/** Outputs are shown to everyone who may look at a stack, so none of them is a secret. */
final class OutputSecret implements Rule {
  @Override
  public String id() {
    return "mlinfra::data.output-secret";
  }

  @Override
  public String requirement() {
    return "No output of a stack gives out the value of a secret.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    // Pulumi encrypts what it marks as secret.
    if (inspection.isPulumi()) {
      return;
    }
    for (Output output : inspection.model().outputs()) {
      Context context = inspection.model().contextOf(output.stack());
      Verdict verdict = isOpen(context.resolve(output.value()), context, inspection);
      String problem =
          switch (verdict) {
            case COMPLIANT -> "";
            case UNDECIDED -> "whether it is a secret is known only when deployed";
            case VIOLATED -> "gives out the value of a secret";
          };
      outcomes.say(
          verdict,
          output.stack() + ": output " + output.name(),
          problem,
          "give out the ARN of the secret instead");
    }
  }

  private static Verdict isOpen(Value value, Context context, Inspection inspection) {
    if (value instanceof Value.Secret || isSecretLookup(value)) {
      return Verdict.VIOLATED;
    }
    if (value instanceof Value.Ref ref) {
      Parameter parameter = context.stack().parameters().get(ref.name());
      return parameter != null && parameter.isSecret() ? Verdict.VIOLATED : Verdict.COMPLIANT;
    }
    if (value instanceof Value.Reference reference) {
      Optional<Resource> key = inspection.resource(reference.resource());
      boolean isKey =
          key.filter(it -> it.type().equals("AWS::IAM::AccessKey")).isPresent()
              && reference.attribute().equals(Optional.of("SecretAccessKey"));
      return isKey ? Verdict.VIOLATED : Verdict.COMPLIANT;
    }
    Verdict own =
        value instanceof Value.ImportValue
                || value instanceof Value.StackOutput
                || value instanceof Value.Transform
                || value instanceof Value.Unknown
            ? Verdict.UNDECIDED
            : Verdict.COMPLIANT;
    Verdict inside =
        Verdict.worst(
            value.children().stream().map(it -> isOpen(it, context, inspection)).toList());
    return own.compareTo(inside) > 0 ? own : inside;
  }

  /** A text can hold only the start of a lookup, when its name is put together. */
  private static boolean isSecretLookup(Value value) {
    return value
        .asText()
        .filter(
            it -> it.contains("{{resolve:secretsmanager:") || it.contains("{{resolve:ssm-secure:"))
        .isPresent();
  }
}
