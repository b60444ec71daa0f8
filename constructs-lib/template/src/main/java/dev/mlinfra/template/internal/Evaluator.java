package dev.mlinfra.template.internal;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Parameter;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Evaluates the values of one stack as far as the model knows, and no further.
 *
 * <p>Each step either gives what the deployment would give, or leaves the symbol. A foreign
 * template can make evaluation grow without end (stacks that import from each other, texts that
 * double), so the work of one call is bounded; past the bound symbols stay as they are.
 */
public final class Evaluator {
  private static final Value.Ref NO_VALUE = new Value.Ref("AWS::NoValue");
  private static final String NESTED_STACK = "AWS::CloudFormation::Stack";
  private static final int DEEPEST_STACKS = 32;
  private static final int DEEPEST_VALUES = 300;
  private static final int MOST_STEPS = 300_000;
  private static final long MOST_TEXT = 8_000_000;

  private final Model model;
  private final Stack stack;
  private final Map<String, Value> given;
  private final boolean defaults;
  private final Work work;
  private final Set<String> conditionsInWork = new HashSet<>();

  /** What one call may cost, over all stacks that it visits. */
  private static final class Work {
    private int steps;
    private long text;
    private int stacks;
    private int values;

    boolean exhausted() {
      return steps > MOST_STEPS || text > MOST_TEXT;
    }
  }

  public Evaluator(Model model, Stack stack, Map<String, Value> given, boolean defaults) {
    this(model, stack, given, defaults, new Work());
  }

  private Evaluator(
      Model model, Stack stack, Map<String, Value> given, boolean defaults, Work work) {
    this.model = model;
    this.stack = stack;
    this.given = given;
    this.defaults = defaults;
    this.work = work;
  }

  /** The value, evaluated as far as possible. */
  public Value resolve(Value value) {
    work.steps++;
    if (value instanceof Value.Text text) {
      work.text += text.text().length();
    }
    if (work.exhausted() || work.values >= DEEPEST_VALUES) {
      return value;
    }
    work.values++;
    try {
      return inside(value);
    } finally {
      work.values--;
    }
  }

  private Value inside(Value value) {
    if (value instanceof Value.Sequence sequence) {
      return new Value.Sequence(
          sequence.items().stream()
              .map(this::resolve)
              .filter(item -> !item.equals(NO_VALUE))
              .toList());
    }
    if (value instanceof Value.Mapping mapping) {
      Map<String, Value> entries = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach(
              (key, entry) -> {
                Value resolved = resolve(entry);
                if (!resolved.equals(NO_VALUE)) {
                  entries.put(key, resolved);
                }
              });
      return new Value.Mapping(entries);
    }
    return value instanceof Value.Intrinsic intrinsic ? intrinsic(intrinsic) : value;
  }

  private Value intrinsic(Value.Intrinsic value) {
    if (value instanceof Value.Ref ref) {
      return ref(ref);
    }
    if (value instanceof Value.GetAtt attribute) {
      return attribute(attribute);
    }
    if (value instanceof Value.Sub sub) {
      return sub(sub);
    }
    if (value instanceof Value.If branch) {
      return branch(branch);
    }
    if (value instanceof Value.Equals
        || value instanceof Value.And
        || value instanceof Value.Or
        || value instanceof Value.Not
        || value instanceof Value.ConditionRef) {
      Optional<Boolean> truth = truth(value);
      return truth.isPresent()
          ? new Value.Bool(truth.get())
          : Rebuild.children(value, this::resolve);
    }
    Value inner = Rebuild.children(value, this::resolve);
    if (inner instanceof Value.Join join) {
      return join(join).orElse(value);
    }
    if (inner instanceof Value.ImportValue imported) {
      return imported(imported);
    }
    if (inner instanceof Value.StackOutput output) {
      return stackOutput(output);
    }
    if (inner instanceof Value.Select select) {
      return select(select);
    }
    if (inner instanceof Value.Split split) {
      return split(split);
    }
    return inner instanceof Value.FindInMap find ? find(find) : inner;
  }

  /** The text of a value that is wholly known; one that the deployment looks up is not. */
  private static Optional<String> known(Value value) {
    return value.asText().filter(text -> !text.contains("{{resolve:"));
  }

  // ---- names

  private Value ref(Value.Ref ref) {
    String name = ref.name();
    Parameter parameter = stack.parameters().get(name);
    Value fixed = given.get(name);
    if (fixed != null) {
      return parameter == null ? fixed : parameterValue(parameter, fixed);
    }
    if (name.startsWith("AWS::")) {
      return Pseudo.value(stack, name).<Value>map(Value.Text::new).orElse(ref);
    }
    if (parameter != null) {
      return passed(parameter).or(() -> byDefault(parameter)).orElse(ref);
    }
    Resource resource = stack.resources().get(name);
    return resource == null ? ref : new Value.Reference(resource.id(), Optional.empty());
  }

  private Optional<Value> byDefault(Parameter parameter) {
    boolean usable = defaults && stack.nestedIn().isEmpty() && !parameter.isLookup();
    boolean notPassed =
        defaults
            && stack.nestedIn().isPresent()
            && !parameter.isLookup()
            && passesNothing(parameter);
    return usable || notPassed
        ? parameter.defaultValue().map(value -> parameterValue(parameter, value))
        : Optional.empty();
  }

  private Value parameterValue(Parameter parameter, Value value) {
    if (parameter.isSecret()) {
      return new Value.Secret();
    }
    work.text += value.asText().map(String::length).orElse(0);
    Optional<String> text = parameter.isList() ? value.asText() : Optional.empty();
    return text.<Value>map(Evaluator::commaList).orElse(value);
  }

  private static Value commaList(String text) {
    return new Value.Sequence(
        Arrays.stream(text.split(",", -1))
            .<Value>map(item -> new Value.Text(item.strip()))
            .toList());
  }

  /** What the parent stack passes for a parameter of this nested stack. */
  private Optional<Value> passed(Parameter parameter) {
    Optional<Resource> nesting = stack.nestedIn().flatMap(model::resource);
    Optional<Evaluator> parent = stack.nestedIn().flatMap(id -> in(id.stack()));
    if (nesting.isEmpty() || parent.isEmpty() || parameter.isLookup()) {
      return Optional.empty();
    }
    Value written = nesting.get().property("Parameters").entry(parameter.name());
    if (written.alternatives().stream().anyMatch(Value::isMissing)
        || written instanceof Value.Unknown) {
      return Optional.empty();
    }
    return Optional.of(
        parameterValue(parameter, parent.get().leave(() -> parent.get().resolve(written))));
  }

  private boolean passesNothing(Parameter parameter) {
    return stack
        .nestedIn()
        .flatMap(model::resource)
        .map(nesting -> nesting.property("Parameters").entry(parameter.name()).isMissing())
        .orElse(false);
  }

  private Value attribute(Value.GetAtt attribute) {
    Resource resource = stack.resources().get(attribute.resource());
    if (resource == null) {
      return attribute;
    }
    if (resource.type().equals(NESTED_STACK) && attribute.attribute().startsWith("Outputs.")) {
      Optional<Value> output =
          nestedIn(resource.id())
              .map(nested -> nested.outputs().get(attribute.attribute().substring(8)))
              .flatMap(this::valueOf);
      if (output.isPresent()) {
        return output.get();
      }
    }
    return new Value.Reference(resource.id(), Optional.of(attribute.attribute()));
  }

  private Optional<Stack> nestedIn(ResourceId resource) {
    return model.stacks().stream()
        .filter(nested -> nested.nestedIn().equals(Optional.of(resource)))
        .findFirst();
  }

  // ---- texts

  // A text that would grow past the bound leaves its symbol as it was written: the parts are few
  // objects that many symbols share, and only writing them out would make them large.

  private Value sub(Value.Sub sub) {
    List<Value> parts = new ArrayList<>();
    for (SubText.Part part : SubText.parts(sub.template())) {
      Value variable = part.isName() ? sub.variables().get(part.text()) : null;
      if (!part.isName()) {
        parts.add(new Value.Text(part.text()));
      } else if (variable != null) {
        parts.add(resolve(variable));
      } else {
        int dot = part.text().indexOf('.');
        parts.add(
            resolve(
                dot < 0
                    ? new Value.Ref(part.text())
                    : new Value.GetAtt(
                        part.text().substring(0, dot), part.text().substring(dot + 1))));
      }
    }
    return joined(parts).orElse(sub);
  }

  private Optional<Value> join(Value.Join join) {
    if (!(join.parts() instanceof Value.Sequence sequence)
        || sequence.items().stream().anyMatch(item -> mayVanish(item) || isNotText(item))) {
      return work.exhausted() ? Optional.empty() : Optional.of(join);
    }
    List<Value> parts = new ArrayList<>();
    for (Value item : sequence.items()) {
      if (!parts.isEmpty() && !join.delimiter().isEmpty()) {
        parts.add(new Value.Text(join.delimiter()));
      }
      parts.add(item);
    }
    return joined(parts);
  }

  private static boolean isNotText(Value value) {
    return value.asText().isEmpty() && !value.isSymbolic();
  }

  /** One text of several: a text when all are known, else the shortest join that says the same. */
  private Optional<Value> joined(List<Value> parts) {
    for (Value part : parts) {
      work.text += part.asText().map(String::length).orElse(0);
    }
    if (work.exhausted()) {
      return Optional.empty();
    }
    List<Value> flat = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (Value part : parts) {
      if (part instanceof Value.Join join
          && join.delimiter().isEmpty()
          && join.parts() instanceof Value.Sequence sequence
          && sequence.items().stream().noneMatch(Evaluator::mayVanish)) {
        sequence.items().forEach(item -> append(item, flat, literal));
      } else {
        append(part, flat, literal);
      }
    }
    flush(flat, literal);
    if (flat.isEmpty()) {
      return Optional.of(new Value.Text(""));
    }
    boolean alone = flat.size() == 1 && (flat.get(0) instanceof Value.Text || isText(flat.get(0)));
    return Optional.of(alone ? flat.get(0) : new Value.Join("", new Value.Sequence(flat)));
  }

  private static boolean isText(Value value) {
    return value.isSymbolic() && !value.equals(NO_VALUE);
  }

  private static void append(Value part, List<Value> flat, StringBuilder literal) {
    Optional<String> text = part.asText();
    if (text.isPresent()) {
      literal.append(text.get());
    } else {
      flush(flat, literal);
      flat.add(part);
    }
  }

  private static void flush(List<Value> flat, StringBuilder literal) {
    if (!literal.isEmpty()) {
      flat.add(new Value.Text(literal.toString()));
      literal.setLength(0);
    }
  }

  private static Value split(Value.Split split) {
    Optional<String> source = known(split.source());
    return source.isEmpty() || split.delimiter().isEmpty()
        ? split
        : new Value.Sequence(pieces(source.get(), split.delimiter()));
  }

  private static List<Value> pieces(String text, String delimiter) {
    List<Value> pieces = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
      pieces.add(new Value.Text(text.substring(from, at)));
      from = at + delimiter.length();
    }
    pieces.add(new Value.Text(text.substring(from)));
    return pieces;
  }

  private static Value select(Value.Select select) {
    Optional<Integer> index = index(select.index());
    if (index.isEmpty()) {
      return select;
    }
    if (select.from() instanceof Value.Sequence sequence) {
      return itemOf(sequence, index.get()).filter(item -> !item.isMissing()).orElse(select);
    }
    if (select.from() instanceof Value.Split split && !split.delimiter().isEmpty()) {
      List<Value> certain = certainPieces(split);
      return index.get() < certain.size() ? certain.get(index.get()) : select;
    }
    return select;
  }

  /**
   * The first pieces of a text whose start is known. The piece in which the unknown begins is not
   * one of them: it can go on, or end at once.
   */
  private static List<Value> certainPieces(Value.Split split) {
    if (split.source() instanceof Value.Join join
        && join.delimiter().isEmpty()
        && join.parts() instanceof Value.Sequence sequence
        && !sequence.items().isEmpty()) {
      Optional<String> start = known(sequence.items().get(0));
      if (start.isPresent()) {
        List<Value> pieces = pieces(start.get(), split.delimiter());
        return pieces.subList(0, pieces.size() - 1);
      }
    }
    return List.of();
  }

  private static Optional<Integer> index(Value value) {
    return value
        .asNumber()
        .filter(number -> number.precision() < 10 && number.scale() <= 0 && number.scale() > -10)
        .filter(number -> number.signum() >= 0)
        .map(number -> number.longValue())
        .filter(number -> number <= Integer.MAX_VALUE)
        .map(Long::intValue);
  }

  // ---- lists

  /**
   * An item of a list as the deployment sees it, where items that are nothing have gone.
   *
   * @return the item, {@link Value.Missing} past the end, or empty when the list can shrink before
   *     it
   */
  public static Optional<Value> itemOf(Value.Sequence sequence, int index) {
    int left = index;
    for (Value item : sequence.items()) {
      if (item.equals(NO_VALUE)) {
        continue;
      }
      if (mayVanish(item)) {
        return Optional.empty();
      }
      if (left == 0) {
        return Optional.of(item);
      }
      left--;
    }
    return Optional.of(new Value.Missing());
  }

  private static boolean mayVanish(Value item) {
    if (item instanceof Value.If branch) {
      return mayVanish(branch.then()) || mayVanish(branch.otherwise());
    }
    if (item instanceof Value.FindInMap find) {
      return find.otherwise().filter(Evaluator::mayVanish).isPresent();
    }
    return item.equals(NO_VALUE)
        || item instanceof Value.Transform
        || (item instanceof Value.Unknown unknown && unknown.what().startsWith("Fn::"));
  }

  private Value find(Value.FindInMap find) {
    Optional<String> name = known(find.map());
    Optional<String> key = known(find.key());
    Optional<String> secondKey = known(find.secondKey());
    if (name.isEmpty() || key.isEmpty() || secondKey.isEmpty()) {
      return find;
    }
    Value map = stack.mappings().getOrDefault(name.get(), new Value.Missing());
    if (!(map instanceof Value.Mapping)) {
      return find;
    }
    Value found = map.entry(key.get()).entry(secondKey.get());
    if (found.isMissing()) {
      return find.otherwise().orElse(find);
    }
    return found.isSymbolic() ? find : resolve(found);
  }

  // ---- conditions

  private Value branch(Value.If branch) {
    Optional<Boolean> truth = condition(branch.condition());
    if (truth.isPresent()) {
      return resolve(truth.get() ? branch.then() : branch.otherwise());
    }
    return Rebuild.children(branch, this::resolve);
  }

  /** The truth of a condition, when what is known decides it. */
  public Optional<Boolean> condition(String name) {
    Value declared = stack.conditions().get(name);
    if (declared == null || work.exhausted() || !conditionsInWork.add(name)) {
      return Optional.empty();
    }
    try {
      return truth(declared);
    } finally {
      conditionsInWork.remove(name);
    }
  }

  private Optional<Boolean> truth(Value test) {
    work.steps++;
    if (work.exhausted() || work.values >= DEEPEST_VALUES) {
      return Optional.empty();
    }
    work.values++;
    try {
      return decided(test);
    } finally {
      work.values--;
    }
  }

  private Optional<Boolean> decided(Value test) {
    if (test instanceof Value.Equals equals) {
      Optional<String> left = known(resolve(equals.left()));
      Optional<String> right = known(resolve(equals.right()));
      return left.flatMap(one -> right.map(one::equals));
    }
    if (test instanceof Value.Not not) {
      return truth(not.test()).map(truth -> !truth);
    }
    if (test instanceof Value.And and) {
      return all(and.tests(), true);
    }
    if (test instanceof Value.Or or) {
      return all(or.tests(), false);
    }
    return test instanceof Value.ConditionRef ref ? condition(ref.name()) : Optional.empty();
  }

  /** And ({@code neutral} true) or or (false): one test that says otherwise decides. */
  private Optional<Boolean> all(List<Value> tests, boolean neutral) {
    boolean undecided = false;
    for (Value test : tests) {
      Optional<Boolean> truth = truth(test);
      if (truth.isPresent() && truth.get() != neutral) {
        return Optional.of(!neutral);
      }
      undecided |= truth.isEmpty();
    }
    return undecided ? Optional.empty() : Optional.of(neutral);
  }

  // ---- other stacks

  private Value imported(Value.ImportValue imported) {
    Optional<String> name = known(imported.name());
    if (name.isEmpty()) {
      return imported;
    }
    List<Output> found = new ArrayList<>();
    for (Output output : model.exports()) {
      if (exportsAs(output, name.get())) {
        found.add(output);
      }
    }
    return found.size() == 1 ? valueOf(found.get(0)).orElse(imported) : imported;
  }

  private boolean exportsAs(Output output, String name) {
    Value exported = output.exportName().orElseThrow();
    Optional<Stack> exporting = model.stack(output.stack());
    if (exporting.isEmpty() || !sameEnvironment(exporting.get(), stack.region())) {
      return false;
    }
    if (exported instanceof Value.Text text) {
      return text.text().equals(name);
    }
    return in(output.stack())
        .map(other -> other.leave(() -> other.resolve(exported)))
        .flatMap(Evaluator::known)
        .filter(name::equals)
        .isPresent();
  }

  /** Exports belong to an account and region; what is not known can be the same. */
  private boolean sameEnvironment(Stack other, Optional<String> region) {
    return agree(other.account(), stack.account()) && agree(other.region(), region);
  }

  private static boolean agree(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  private Value stackOutput(Value.StackOutput wanted) {
    Optional<String> name = known(wanted.stack());
    Optional<String> output = known(wanted.output());
    Optional<String> region =
        wanted.region().isPresent() ? wanted.region().flatMap(Evaluator::known) : stack.region();
    if (name.isEmpty() || output.isEmpty()) {
      return wanted;
    }
    // A role can lead into another account, so then the account says nothing.
    List<Stack> named =
        model.stacks().stream()
            .filter(other -> other.name().equals(name))
            .filter(other -> agree(other.region(), region))
            .filter(
                other -> wanted.roleArn().isPresent() || agree(other.account(), stack.account()))
            .toList();
    return named.size() == 1
        ? Optional.ofNullable(named.get(0).outputs().get(output.get()))
            .flatMap(this::valueOf)
            .orElse(wanted)
        : wanted;
  }

  private Optional<Value> valueOf(Output output) {
    return in(output.stack()).map(other -> other.leave(() -> other.resolve(output.value())));
  }

  /** An evaluator of another stack that shares this one's bounds. */
  private Optional<Evaluator> in(String other) {
    return work.stacks >= DEEPEST_STACKS || work.exhausted()
        ? Optional.empty()
        : model.stack(other).map(it -> new Evaluator(model, it, Map.of(), defaults, work));
  }

  /** A value for use in another stack: what only this stack's names can say is marked. */
  private Value leave(Supplier<Value> evaluation) {
    work.stacks++;
    try {
      return marked(evaluation.get());
    } finally {
      work.stacks--;
    }
  }

  private Value marked(Value value) {
    boolean bound =
        value instanceof Value.Ref
            || value instanceof Value.GetAtt
            || value instanceof Value.Sub
            || value instanceof Value.FindInMap
            || value instanceof Value.If
            || value instanceof Value.ConditionRef;
    return bound
        ? new Value.Unknown("a value of stack " + stack.id(), value)
        : Rebuild.children(value, this::marked);
  }
}
