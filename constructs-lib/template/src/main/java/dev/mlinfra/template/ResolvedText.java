package dev.mlinfra.template;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A text in parts: what is known, and symbols for the rest, in order.
 *
 * @param parts {@link Value.Text} and symbols; neighbouring texts are one, and none is empty
 */
public record ResolvedText(List<Value> parts) {
  /** How a text names a value that only the deployment looks up. */
  private static final String DYNAMIC = "{{resolve:";

  public ResolvedText {
    parts = List.copyOf(parts);
  }

  /** The parts of a value that {@link Context#resolve} gave. */
  static ResolvedText of(Value value) {
    List<Value> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    add(value, parts, literal);
    flush(parts, literal);
    return new ResolvedText(parts);
  }

  private static void add(Value value, List<Value> parts, StringBuilder literal) {
    Optional<String> text = value.asText();
    if (text.isPresent()) {
      literal.append(text.get());
    } else if (value instanceof Value.Join join
        && join.delimiter().isEmpty()
        && join.parts() instanceof Value.Sequence sequence) {
      sequence.items().forEach(item -> add(item, parts, literal));
    } else {
      flush(parts, literal);
      parts.add(value);
    }
  }

  private static void flush(List<Value> parts, StringBuilder literal) {
    if (!literal.isEmpty()) {
      parts.add(new Value.Text(literal.toString()));
      literal.setLength(0);
    }
  }

  /** The whole text, when all of it is known. */
  public Optional<String> text() {
    if (parts.isEmpty()) {
      return Optional.of("");
    }
    return parts.size() == 1 && parts.get(0) instanceof Value.Text text && !isDynamic()
        ? Optional.of(text.text())
        : Optional.empty();
  }

  /** Whether a known part asks the deployment to look up a value in Parameter Store or the like. */
  public boolean isDynamic() {
    return parts.stream()
        .anyMatch(part -> part instanceof Value.Text text && text.text().contains(DYNAMIC));
  }

  /** What the text certainly starts with. */
  public String prefix() {
    if (parts.isEmpty() || !(parts.get(0) instanceof Value.Text first)) {
      return "";
    }
    int lookup = first.text().indexOf(DYNAMIC);
    return lookup < 0 ? first.text() : first.text().substring(0, lookup);
  }

  /** What the text certainly ends with. */
  public String suffix() {
    if (parts.isEmpty() || !(parts.get(parts.size() - 1) instanceof Value.Text last)) {
      return "";
    }
    if (!isDynamic()) {
      return last.text();
    }
    // What a lookup asks for can go on over several parts; only what follows its end is the text's.
    int end = last.text().lastIndexOf("}}");
    return end < 0 ? "" : last.text().substring(end + 2);
  }

  /** The resources that the text names. */
  public Set<ResourceId> references() {
    Set<ResourceId> found = new LinkedHashSet<>();
    parts.forEach(part -> Children.collectReferences(part, found));
    return Set.copyOf(found);
  }

  /** The text, with <code>${…}</code> where a part is not known. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Value part : parts) {
      if (part instanceof Value.Text known) {
        text.append(known.text());
      } else if (part instanceof Value.Reference reference) {
        text.append(reference);
      } else {
        text.append("${").append(part.toJson()).append('}');
      }
    }
    return text.toString();
  }
}
