package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.template.Value;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as Kubernetes writes them: {@code 500m}, {@code 2}, {@code 512Mi}, {@code 10G}. */
public final class SizeText {
  /** Bytes of a GiB. */
  public static final double GIB = 1024.0 * 1024 * 1024;

  private static final Pattern FORM = Pattern.compile("([0-9.]{1,20})([a-zA-Z]{0,2})");

  private static final Map<String, Double> SUFFIXES =
      Map.ofEntries(
          Map.entry("", 1.0),
          Map.entry("m", 1e-3),
          Map.entry("k", 1e3),
          Map.entry("M", 1e6),
          Map.entry("G", 1e9),
          Map.entry("T", 1e12),
          Map.entry("P", 1e15),
          Map.entry("Ki", 1024.0),
          Map.entry("Mi", 1024.0 * 1024),
          Map.entry("Gi", GIB),
          Map.entry("Ti", 1024 * GIB),
          Map.entry("Pi", 1024 * 1024 * GIB));

  private SizeText() {}

  /**
   * The number that a size stands for.
   *
   * @throws NotPriced when it is not written like one
   */
  public static double number(String text, String name) {
    Matcher form = FORM.matcher(text.strip());
    Double factor = form.matches() ? SUFFIXES.get(form.group(2)) : null;
    Value number = new Value.Text(form.matches() ? form.group(1) : text);
    if (factor == null || number.asNumber().isEmpty()) {
      throw Inputs.unusable(new Value.Text(text), name);
    }
    return Inputs.number(number, 0, name) * factor;
  }
}
