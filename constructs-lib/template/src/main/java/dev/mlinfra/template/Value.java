package dev.mlinfra.template;

import dev.mlinfra.template.internal.Evaluator;
import dev.mlinfra.template.internal.JsonText;
import dev.mlinfra.template.internal.ValuePath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One value of a template or graph: plain data, or a symbol for what is known only at deploy time.
 *
 * <p>Immutable, and equal by content. The helpers never throw for a value of another kind: a rule
 * asks for what it needs and gets an empty answer where the value is something else.
 */
public sealed interface Value {

  /** A text, as written; it can hold a dynamic reference such as {@code {{resolve:ssm:/a}}}. */
  record Text(String text) implements Value {
    public Text {
      Objects.requireNonNull(text);
    }
  }

  /** A number, exactly as written. */
  record Num(BigDecimal number) implements Value {
    /** Longer than any number that a template means; a tiny text can name a number of gigabytes. */
    private static final int LONGEST_PLAIN = 400;

    public Num {
      Objects.requireNonNull(number);
    }

    /** The number without an exponent, unless that would be absurdly long. */
    public String text() {
      return Math.abs((long) number.scale()) + number.precision() > LONGEST_PLAIN
          ? number.toString()
          : number.toPlainString();
    }
  }

  /** True or false. */
  record Bool(boolean truth) implements Value {}

  /** An explicit null. */
  record Null() implements Value {}

  /** A list. */
  record Sequence(List<Value> items) implements Value {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A map; its keys keep their order. */
  record Mapping(Map<String, Value> entries) implements Value {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /** A secret: its value is never kept, so it can be neither compared nor printed. */
  record Secret() implements Value {}

  /**
   * Something that this model cannot know.
   *
   * @param what what it is, such as {@code Fn::Custom} or {@code pulumi output}
   * @param raw as it was written; {@link Null} when there was nothing to read
   */
  record Unknown(String what, Value raw) implements Value {
    public Unknown {
      Objects.requireNonNull(what);
      Objects.requireNonNull(raw);
    }
  }

  /** What {@link #at} answers where nothing is; never part of a tree. */
  record Missing() implements Value {}

  /** A symbol that CloudFormation replaces at deploy time. */
  sealed interface Intrinsic extends Value {}

  /** {@code Ref}: a parameter, a resource or a pseudo parameter by name. */
  record Ref(String name) implements Intrinsic {}

  /** {@code Fn::GetAtt}; nested attributes keep their dots, as in {@code Outputs.VpcId}. */
  record GetAtt(String resource, String attribute) implements Intrinsic {}

  /** {@code Fn::Sub}: a text with <code>${Name}</code> in it, and variables of its own. */
  record Sub(String template, Map<String, Value> variables) implements Intrinsic {
    public Sub {
      variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }
  }

  /** {@code Fn::Join}; the parts are a list, or a symbol for one. */
  record Join(String delimiter, Value parts) implements Intrinsic {}

  /** {@code Fn::ImportValue}: another stack's export. */
  record ImportValue(Value name) implements Intrinsic {}

  /** {@code Fn::GetStackOutput}: another stack's output, without an export. */
  record StackOutput(Value stack, Value output, Optional<Value> region, Optional<Value> roleArn)
      implements Intrinsic {}

  /** {@code Fn::Select}. */
  record Select(Value index, Value from) implements Intrinsic {}

  /** {@code Fn::Split}. */
  record Split(String delimiter, Value source) implements Intrinsic {}

  /** {@code Fn::FindInMap}. */
  record FindInMap(Value map, Value key, Value secondKey, Optional<Value> otherwise)
      implements Intrinsic {}

  /** {@code Fn::If}. */
  record If(String condition, Value then, Value otherwise) implements Intrinsic {}

  /** {@code Fn::Transform}: what a macro makes. */
  record Transform(String name, Value parameters) implements Intrinsic {}

  /** {@code Fn::Base64}; stays symbolic so that a rule reads the text inside. */
  record Base64(Value text) implements Intrinsic {}

  /** {@code Fn::Cidr}. */
  record Cidr(Value block, Value count, Optional<Value> bits) implements Intrinsic {}

  /** {@code Fn::GetAZs}. */
  record GetAZs(Value region) implements Intrinsic {}

  /** {@code Fn::Equals}. */
  record Equals(Value left, Value right) implements Intrinsic {}

  /** {@code Fn::And}. */
  record And(List<Value> tests) implements Intrinsic {
    public And {
      tests = List.copyOf(tests);
    }
  }

  /** {@code Fn::Or}. */
  record Or(List<Value> tests) implements Intrinsic {
    public Or {
      tests = List.copyOf(tests);
    }
  }

  /** {@code Fn::Not}. */
  record Not(Value test) implements Intrinsic {}

  /** {@code Condition}: another condition by name, inside a condition. */
  record ConditionRef(String name) implements Intrinsic {}

  /**
   * What {@code Ref} or {@code Fn::GetAtt} means once the model is known: a resource, perhaps of
   * another stack. Made by {@link #resolve}, never read from a file of CloudFormation.
   *
   * @param resource the resource
   * @param attribute the attribute of {@code Fn::GetAtt}; empty for {@code Ref}
   */
  record Reference(ResourceId resource, Optional<String> attribute) implements Intrinsic {
    /** <code>${dev/Data:Bucket.Arn}</code>. */
    @Override
    public String toString() {
      return "${" + resource + attribute.map(name -> "." + name).orElse("") + "}";
    }
  }

  /**
   * The value at a path such as {@code PolicyDocument.Statement[0].Action}. A key that holds a dot
   * or a bracket is quoted: {@code labels["app.kubernetes.io/name"]}. The path goes through both
   * branches of {@code Fn::If}; inside any other symbol it answers {@link Unknown}.
   *
   * @return the value, or {@link Missing}
   * @throws IllegalArgumentException when the path itself is malformed
   */
  default Value at(String path) {
    Value value = this;
    for (Object step : ValuePath.parse(path)) {
      value = step instanceof Integer index ? value.item(index) : value.entry((String) step);
    }
    return value;
  }

  /** The value of one key, taken as it is; see {@link #at}. */
  default Value entry(String key) {
    if (this instanceof Mapping mapping) {
      return mapping.entries().getOrDefault(key, new Missing());
    }
    if (this instanceof If branch) {
      return new If(branch.condition(), branch.then().entry(key), branch.otherwise().entry(key));
    }
    return inside();
  }

  /** The item of a list, from 0; see {@link #at}. */
  default Value item(int index) {
    if (this instanceof Sequence sequence) {
      return Evaluator.itemOf(sequence, index)
          .orElseGet(() -> new Unknown("an item of a list that can shrink", this));
    }
    if (this instanceof If branch) {
      return new If(branch.condition(), branch.then().item(index), branch.otherwise().item(index));
    }
    return inside();
  }

  private Value inside() {
    if (this instanceof Secret || this instanceof Unknown) {
      return this;
    }
    boolean nothing = this instanceof Ref ref && ref.name().equals("AWS::NoValue");
    return this instanceof Intrinsic && !nothing
        ? new Unknown("a part of " + getClass().getSimpleName(), this)
        : new Missing();
  }

  /** Whether {@link #at} found nothing. */
  default boolean isMissing() {
    return this instanceof Missing;
  }

  /** Whether the value itself, apart from what it holds, is known only at deploy time. */
  default boolean isSymbolic() {
    return this instanceof Intrinsic || this instanceof Unknown || this instanceof Secret;
  }

  /** Whether nothing in it is symbolic. */
  default boolean isLiteral() {
    return !isSymbolic() && children().stream().allMatch(Value::isLiteral);
  }

  /** The text of a text, number or boolean, as CloudFormation would write it. */
  default Optional<String> asText() {
    if (this instanceof Text text) {
      return Optional.of(text.text());
    }
    if (this instanceof Num num) {
      return Optional.of(num.text());
    }
    return this instanceof Bool bool
        ? Optional.of(Boolean.toString(bool.truth()))
        : Optional.empty();
  }

  /** The number of a number, or of a text that holds one. */
  default Optional<BigDecimal> asNumber() {
    if (this instanceof Num num) {
      return Optional.of(num.number());
    }
    try {
      return this instanceof Text text && text.text().length() <= 100
          ? Optional.of(new BigDecimal(text.text().strip()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The truth of a boolean, or of the texts {@code true} and {@code false}. */
  default Optional<Boolean> asBoolean() {
    return asText()
        .map(text -> text.toLowerCase(Locale.ROOT))
        .filter(text -> text.equals("true") || text.equals("false"))
        .map(Boolean::valueOf);
  }

  /** The entries of a map; empty for everything else. */
  default Map<String, Value> asMap() {
    return this instanceof Mapping mapping ? mapping.entries() : Map.of();
  }

  /** The items of a list; empty for everything else. */
  default List<Value> asList() {
    return this instanceof Sequence sequence ? sequence.items() : List.of();
  }

  /**
   * The items of a list, or the one value itself: many properties, such as a policy's {@code
   * Action}, take either. Empty for {@link Missing}.
   */
  default List<Value> oneOrMany() {
    if (this instanceof Sequence sequence) {
      return sequence.items();
    }
    return isMissing() ? List.of() : List.of(this);
  }

  /**
   * What the value can be: both branches of each {@code Fn::If} at its top, or the value itself. A
   * branch that removes the value ({@code AWS::NoValue}) is {@link Missing}.
   */
  default List<Value> alternatives() {
    if (this instanceof If branch) {
      List<Value> all = new ArrayList<>(branch.then().alternatives());
      all.addAll(branch.otherwise().alternatives());
      return List.copyOf(all);
    }
    boolean nothing = this instanceof Ref ref && ref.name().equals("AWS::NoValue");
    return List.of(nothing ? new Missing() : this);
  }

  /** The values directly inside; a symbol's arguments count. */
  default List<Value> children() {
    return Children.of(this);
  }

  /**
   * The names that {@code Ref}, {@code Fn::GetAtt} and {@code Fn::Sub} use anywhere inside, as
   * written: resources, parameters and pseudo parameters of the value's own stack.
   */
  default Set<String> referencedNames() {
    Set<String> names = new LinkedHashSet<>();
    Children.collectNames(this, names);
    return Collections.unmodifiableSet(names);
  }

  /** The resources that the value refers to, anywhere inside, across stacks where resolvable. */
  default Set<ResourceId> references(Context context) {
    Set<ResourceId> found = new LinkedHashSet<>();
    Children.collectReferences(context.resolve(this), found);
    return Collections.unmodifiableSet(found);
  }

  /** The same value with everything evaluated that the context knows; see {@link Context}. */
  default Value resolve(Context context) {
    return context.resolve(this);
  }

  /** The value as a text whose unknown parts are marked; see {@link ResolvedText}. */
  default ResolvedText resolvedText(Context context) {
    return ResolvedText.of(context.resolve(this));
  }

  /** One line of JSON in CloudFormation's long form; a secret is {@code "[secret]"}. */
  default String toJson() {
    return JsonText.of(this);
  }
}
