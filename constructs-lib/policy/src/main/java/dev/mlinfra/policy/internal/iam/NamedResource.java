package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one entry of a statement's {@code Resource} names.
 *
 * @param value the entry
 * @param reach how far it goes
 * @param exact whether it certainly has no wildcard
 * @param arn every ARN that it can be
 */
record NamedResource(Value value, Reach reach, boolean exact, ArnPattern arn) {

  /** How far an entry goes. */
  enum Reach {
    /** Everything, or everything of a service. */
    EVERYTHING,
    /** Something in particular. */
    BOUNDED,
    /** Only the deployment knows. */
    UNKNOWN
  }

  private static final String BUCKET = "AWS::S3::Bucket";

  /** Its ARN ends in a star of itself. */
  private static final String LOG_GROUP = "AWS::Logs::LogGroup";

  private static final String PSEUDO = "AWS::";

  /** An ARN whose last field names nothing; what is not known stands as NUL. */
  private static final Pattern WHOLE_SERVICE = Pattern.compile("arn:([^:]*:){4}[*?/:]*\\*[*?/:]*");

  private static final Pattern ONLY_STARS = Pattern.compile("\\*+");

  /** What a policy fills in by itself when it is evaluated, such as {@code ${aws:username}}. */
  private static final Pattern POLICY_VARIABLE = Pattern.compile("\\$\\{[^}]*}");

  /** What the entries of {@code Resource} name. */
  static List<NamedResource> of(Inspection inspection, Statement statement) {
    return statement.resources().stream().map(it -> of(inspection, statement, it)).toList();
  }

  /**
   * Whether it can be what an action acts on. A type whose form is not known admits everything, and
   * so does an action without types: the service may compare with an ARN of its own.
   */
  boolean admits(IamAction action) {
    return action.types().isEmpty() || action.types().stream().anyMatch(it -> isOf(action, it));
  }

  private boolean isOf(IamAction action, String type) {
    List<ArnPattern> forms = IamFacts.forms(action.service(), type);
    return forms.isEmpty() || forms.stream().anyMatch(arn::meets);
  }

  private static NamedResource of(Inspection inspection, Statement statement, Value entry) {
    ResolvedText text = entry.resolvedText(inspection.context(statement.resource()));
    StringBuilder shape = new StringBuilder();
    ArnPattern.Builder arn = new ArnPattern.Builder();
    for (Value part : text.parts()) {
      if (part instanceof Value.Text known && !text.isDynamic()) {
        shape.append(known.text());
        add(known.text(), arn);
      } else {
        shape.append('\0');
        add(part, inspection, arn);
      }
    }
    if (shape.isEmpty()) {
      // No ARN, but the default of a parameter that somebody has to give.
      shape.append('\0');
      arn.unknown();
    }
    return new NamedResource(
        entry, reach(shape.toString(), text), isExact(text, inspection), arn.build());
  }

  private static Reach reach(String shape, ResolvedText text) {
    if (ONLY_STARS.matcher(shape).matches() || WHOLE_SERVICE.matcher(shape).matches()) {
      return Reach.EVERYTHING;
    }
    boolean named = shape.chars().anyMatch(c -> c != '\0' && c != '*');
    return named || !text.references().isEmpty() ? Reach.BOUNDED : Reach.UNKNOWN;
  }

  private static boolean isExact(ResolvedText text, Inspection inspection) {
    if (text.text().isPresent()) {
      return !text.text().get().isEmpty() && !IamFacts.isPattern(text.text().get());
    }
    return text.parts().size() == 1
        && text.parts().get(0) instanceof Value.Reference reference
        && reference.attribute().isPresent()
        && inspection.named(reference).filter(it -> !it.type().equals(LOG_GROUP)).isPresent();
  }

  private static void add(String text, ArnPattern.Builder arn) {
    String[] known = POLICY_VARIABLE.split(text, -1);
    for (int i = 0; i < known.length; i++) {
      if (i > 0) {
        arn.unknown();
      }
      arn.wild(known[i]);
    }
  }

  private static void add(Value part, Inspection inspection, ArnPattern.Builder arn) {
    String type = inspection.named(part).map(Resource::type).orElse("");
    String attribute =
        part instanceof Value.Reference reference ? reference.attribute().orElse("") : "";
    if (type.equals(BUCKET) && attribute.isEmpty()) {
      arn.name();
    } else if (type.equals(BUCKET) && attribute.equals("Arn")) {
      arn.wild("arn:").field().wild(":s3:::").name();
    } else if (part instanceof Value.Ref ref && ref.name().startsWith(PSEUDO)) {
      arn.field();
    } else {
      arn.unknown();
    }
  }
}
