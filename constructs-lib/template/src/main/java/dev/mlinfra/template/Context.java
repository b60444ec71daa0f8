package dev.mlinfra.template;

import dev.mlinfra.template.internal.Evaluator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known while the values of one stack are evaluated: its account, region and name, the
 * defaults of its parameters, what a parent stack passes to it, its mappings, and every other stack
 * of the model.
 *
 * <p>Evaluation is partial and never guesses. What is not known stays symbolic, as the smallest
 * symbol that says so.
 */
public final class Context {
  private final Model model;
  private final Stack stack;
  private final Map<String, Value> given;
  private final boolean defaults;

  Context(Model model, Stack stack, Map<String, Value> given, boolean defaults) {
    this.model = model;
    this.stack = stack;
    this.given = Map.copyOf(given);
    this.defaults = defaults;
  }

  /** The whole model. */
  public Model model() {
    return model;
  }

  /** The stack whose values are evaluated. */
  public Stack stack() {
    return stack;
  }

  /**
   * The same, with a value for a parameter or for a pseudo parameter such as {@code AWS::Region}.
   * For a parameter that is a list give a text with commas.
   */
  public Context with(String parameter, String value) {
    Map<String, Value> more = new LinkedHashMap<>(given);
    more.put(parameter, new Value.Text(value));
    return new Context(model, stack, more, defaults);
  }

  /**
   * The same, where a parameter without a given value stays symbolic. By default a parameter has
   * its default: that is what is deployed unless a person says otherwise.
   */
  public Context withoutDefaults() {
    return new Context(model, stack, given, false);
  }

  /** A value with everything evaluated that is known. */
  public Value resolve(Value value) {
    return evaluator().resolve(value);
  }

  /** The truth of a condition of the stack, when what is known decides it. */
  public Optional<Boolean> condition(String name) {
    return evaluator().condition(name);
  }

  private Evaluator evaluator() {
    return new Evaluator(model, stack, given, defaults);
  }
}
