package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the rules say, place by place. */
public final class Outcomes {
  /**
   * What one rule says of one place.
   *
   * @param rule the rule
   * @param verdict what it says
   * @param resource the resource; empty when a stack or the whole model is meant
   * @param where the stack or model, when there is no resource; else empty
   * @param at path of the property
   * @param given what stands there
   * @param problem what is wrong with it, or cannot be decided; empty when compliant
   * @param fix what to do; empty when compliant
   */
  public record Outcome(
      Rule rule,
      Verdict verdict,
      Optional<Resource> resource,
      String where,
      String at,
      String given,
      String problem,
      String fix) {}

  /** A value longer than this is cut where people read it. */
  private static final int LONGEST_GIVEN = 200;

  private final List<Outcome> all = new ArrayList<>();

  /** Everything that was said, in the order of the rules. */
  public List<Outcome> all() {
    return List.copyOf(all);
  }

  /** Where one rule says what it found. */
  public Of of(Rule rule) {
    return new Of(rule);
  }

  /** Where one rule says what it found. */
  public final class Of {
    private final Rule rule;

    private Of(Rule rule) {
      this.rule = rule;
    }

    /** The place is as it must be. */
    public void compliant(Resource resource, String at) {
      add(Verdict.COMPLIANT, Optional.of(resource), "", at, "", "", "");
    }

    /** The place is not as it must be. */
    public void violated(Resource resource, String at, Value given, String problem, String fix) {
      say(Verdict.VIOLATED, resource, at, given, problem, fix);
    }

    /** Whether the place is as it must be depends on what only the deployment knows. */
    public void undecided(Resource resource, String at, Value given, String problem, String fix) {
      say(Verdict.UNDECIDED, resource, at, given, problem, fix);
    }

    /** Says what was found; problem and fix are dropped when it is compliant. */
    public void say(
        Verdict verdict, Resource resource, String at, Value given, String problem, String fix) {
      if (verdict == Verdict.COMPLIANT) {
        compliant(resource, at);
      } else {
        add(verdict, Optional.of(resource), "", at, shown(given), problem, fix);
      }
    }

    /**
     * Says what was found of a value that is undecided only where it is known only when deployed.
     */
    public void decided(
        Verdict verdict, Resource resource, String at, Value given, String problem, String fix) {
      boolean open = verdict == Verdict.UNDECIDED;
      say(verdict, resource, at, given, open ? "is known only when deployed" : problem, fix);
    }

    /** Says what was found of a stack or of the whole model. */
    public void say(Verdict verdict, String where, String problem, String fix) {
      boolean compliant = verdict == Verdict.COMPLIANT;
      add(verdict, Optional.empty(), where, "", "", compliant ? "" : problem, compliant ? "" : fix);
    }

    private void add(
        Verdict verdict,
        Optional<Resource> resource,
        String where,
        String at,
        String given,
        String problem,
        String fix) {
      all.add(new Outcome(rule, verdict, resource, where, at, given, problem, fix));
    }
  }

  private static String shown(Value given) {
    if (given.isMissing()) {
      return "";
    }
    String text = given instanceof Value.Text it ? it.text() : given.toJson();
    return text.length() <= LONGEST_GIVEN ? text : text.substring(0, LONGEST_GIVEN) + "…";
  }
}
