package dev.mlinfra.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes values from a seed. */
final class Generator {
  /** What YAML or CloudFormation could take for something else. */
  private static final List<String> TRICKY =
      List.of(
          "",
          " ",
          "a",
          "yes",
          "No",
          "null",
          "~",
          "012345678901",
          "0",
          "-1",
          "1e5",
          "1.0",
          "0x1F",
          "2012-10-17",
          "true",
          "a: b",
          "- a",
          "#x",
          "'",
          "\"",
          "${A}",
          "${!A}",
          "!Ref A",
          "*a",
          "&a",
          "{",
          "[]",
          "a\nb",
          "\t",
          "\\",
          "ä",
          "\uD83D\uDE00",
          "<<",
          "Ref",
          "Fn::Sub",
          "a,b",
          "a/b",
          ":",
          "\u00a0",
          "\u2028",
          "{{resolve:ssm:/a}}");

  private final Random random;

  Generator(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T one(List<T> of) {
    return of.get(below(of.size()));
  }

  String word() {
    return one(TRICKY);
  }

  /** Any value that a template can hold. */
  Value value(int depth) {
    int kind = below(depth <= 0 ? 6 : 24);
    return switch (kind) {
      case 0, 1 -> new Value.Text(word());
      case 2 -> new Value.Num(new BigDecimal(below(2000) - 1000).movePointLeft(below(3)));
      case 3 -> new Value.Bool(random.nextBoolean());
      case 4 -> new Value.Null();
      case 5 -> new Value.Ref(word());
      case 6, 7 -> list(depth);
      case 8, 9 -> new Value.Mapping(entries(depth));
      case 10 -> new Value.GetAtt("A" + below(9), "B.C");
      case 11 -> new Value.Sub(word(), random.nextBoolean() ? Map.of() : entries(depth));
      case 12 -> new Value.Join(word(), list(depth));
      case 13 -> new Value.ImportValue(value(depth - 1));
      case 14 -> new Value.Select(value(depth - 1), value(depth - 1));
      case 15 -> new Value.Split(word(), value(depth - 1));
      case 16 ->
          new Value.FindInMap(value(depth - 1), value(depth - 1), value(depth - 1), some(depth));
      case 17 -> new Value.If(word(), value(depth - 1), value(depth - 1));
      case 18 -> new Value.Transform("M", new Value.Mapping(entries(depth)));
      case 19 -> new Value.Base64(value(depth - 1));
      case 20 -> new Value.Cidr(value(depth - 1), value(depth - 1), some(depth));
      case 21 -> new Value.GetAZs(value(depth - 1));
      case 22 ->
          new Value.StackOutput(value(depth - 1), value(depth - 1), some(depth), some(depth));
      default ->
          new Value.And(
              List.of(
                  new Value.Equals(value(depth - 1), value(depth - 1)),
                  new Value.Or(List.of(new Value.Not(new Value.ConditionRef("C"))))));
    };
  }

  private Optional<Value> some(int depth) {
    return random.nextBoolean() ? Optional.of(value(depth - 1)) : Optional.empty();
  }

  private Value.Sequence list(int depth) {
    List<Value> items = new ArrayList<>();
    for (int i = below(4); i > 0; i--) {
      items.add(value(depth - 1));
    }
    return new Value.Sequence(items);
  }

  private Map<String, Value> entries(int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    for (int i = below(4); i > 0; i--) {
      // A key that is a function's name would be that function.
      entries.put("k" + word(), value(depth - 1));
    }
    return entries;
  }

  /** A text expression over the parameters P0 to P3, with what it must give once they are known. */
  record Expression(Value value, Function<Map<String, String>, String> meaning) {}

  Expression expression(int depth) {
    int kind = below(depth <= 0 ? 2 : 8);
    return switch (kind) {
      case 0 -> literal();
      case 1 -> parameter();
      case 2, 3 -> join(depth);
      case 4 -> sub(depth);
      case 5 -> selectOfList(depth);
      case 6 -> selectOfSplit(depth);
      default -> branch(depth);
    };
  }

  private Expression literal() {
    String text = one(List.of("", "a", "/", "a/b", "::", "x:", "//", "data", "$"));
    return new Expression(new Value.Text(text), given -> text);
  }

  private Expression parameter() {
    String name = "P" + below(4);
    return new Expression(new Value.Ref(name), given -> given.get(name));
  }

  private List<Expression> several(int depth) {
    List<Expression> all = new ArrayList<>();
    for (int i = 1 + below(3); i > 0; i--) {
      all.add(expression(depth - 1));
    }
    return all;
  }

  private static Value.Sequence values(List<Expression> all) {
    return new Value.Sequence(all.stream().map(Expression::value).toList());
  }

  private Expression join(int depth) {
    String delimiter = one(List.of("", "/", "::", "-"));
    List<Expression> parts = several(depth);
    return new Expression(
        new Value.Join(delimiter, values(parts)),
        given ->
            String.join(delimiter, parts.stream().map(it -> it.meaning().apply(given)).toList()));
  }

  private Expression sub(int depth) {
    Expression inner = expression(depth - 1);
    String name = "P" + below(4);
    return new Expression(
        new Value.Sub("a/${" + name + "}:${!x}${Inner}", Map.of("Inner", inner.value())),
        given -> "a/" + given.get(name) + ":${x}" + inner.meaning().apply(given));
  }

  private Expression selectOfList(int depth) {
    List<Expression> items = several(depth);
    int index = below(items.size());
    return new Expression(
        new Value.Select(new Value.Num(new BigDecimal(index)), values(items)),
        items.get(index).meaning());
  }

  private Expression selectOfSplit(int depth) {
    String delimiter = one(List.of("/", ":", "::"));
    int index = below(3);
    Expression source = expression(depth - 1);
    return new Expression(
        new Value.Select(
            new Value.Text(Integer.toString(index)), new Value.Split(delimiter, source.value())),
        given -> {
          List<String> pieces = pieces(source.meaning().apply(given), delimiter);
          if (index >= pieces.size()) {
            throw new IndexOutOfBoundsException("CloudFormation refuses this template");
          }
          return pieces.get(index);
        });
  }

  private static List<String> pieces(String text, String delimiter) {
    return List.of(text.split(Pattern.quote(delimiter), -1));
  }

  private Expression branch(int depth) {
    Expression then = expression(depth - 1);
    Expression otherwise = expression(depth - 1);
    return new Expression(
        new Value.If("P0IsA", then.value(), otherwise.value()),
        given -> (given.get("P0").equals("a") ? then : otherwise).meaning().apply(given));
  }
}
