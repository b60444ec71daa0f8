package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.Locale;
import java.util.Optional;

/**
 * A text of a policy, in which {@code *} stands for any characters and {@code ?} for one.
 *
 * <p>What the deployment fills in is one character: {@link #NAME} for what is certainly a name
 * without a wildcard, such as that of a resource of the model, and {@link #UNKNOWN} for what can be
 * anything.
 */
record Glob(String text) {
  /** A name that the deployment fills in; equal to no text that is known. */
  static final char NAME = '\uE000';

  /** Anything that the deployment fills in, wildcards too. */
  static final char UNKNOWN = '\uE001';

  /** A text that nobody wrote down: only a wildcard matches it. */
  static final String FOREIGN = "\uE002";

  /** The text of a resolved value of a policy. */
  static Glob of(Value value, Inspection inspection, Resource holder) {
    ResolvedText resolved = value.resolvedText(inspection.context(holder));
    if (resolved.isDynamic()) {
      return new Glob(String.valueOf(UNKNOWN));
    }
    StringBuilder text = new StringBuilder();
    for (Value part : resolved.parts()) {
      Optional<String> known = part.asText();
      if (known.isPresent()) {
        text.append(known.get());
      } else {
        text.append(isName(part, inspection) ? NAME : UNKNOWN);
      }
    }
    return new Glob(text.toString());
  }

  private static boolean isName(Value part, Inspection inspection) {
    if (part instanceof Value.Ref ref) {
      return ref.name().startsWith("AWS::");
    }
    return part instanceof Value.Reference reference && isOwn(reference.resource(), inspection);
  }

  /** What a stack or a program gives back can be any text; other resources give their names. */
  private static boolean isOwn(ResourceId id, Inspection inspection) {
    return inspection
        .resource(id)
        .map(Resource::type)
        .filter(type -> !type.startsWith("Custom::") && !type.startsWith("AWS::CloudFormation::"))
        .filter(type -> !type.equals("AWS::SSM::Parameter"))
        .isPresent();
  }

  /** Whether a part can be anything. */
  boolean hasUnknown() {
    return text.indexOf(UNKNOWN) >= 0;
  }

  /** Whether it stands for more than one text. */
  Ternary isPattern() {
    if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
      return Ternary.TRUE;
    }
    return hasUnknown() ? Ternary.UNKNOWN : Ternary.FALSE;
  }

  /** The same in lower case, to match without regard to case. */
  Glob lowerCase() {
    return new Glob(text.toLowerCase(Locale.ROOT));
  }

  /** Whether it stands for a known text. */
  Ternary matches(String known) {
    if (!hasUnknown()) {
      return Ternary.of(Wildcards.matches(text, known));
    }
    return Wildcards.matches(text.replace(UNKNOWN, '*'), known) ? Ternary.UNKNOWN : Ternary.FALSE;
  }

  /** For people: <code>${…}</code> where the deployment fills in something. */
  @Override
  public String toString() {
    return text.replace(String.valueOf(NAME), "${…}").replace(String.valueOf(UNKNOWN), "${…}");
  }
}
