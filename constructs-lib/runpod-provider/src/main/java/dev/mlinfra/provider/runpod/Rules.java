package dev.mlinfra.provider.runpod;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules over the inputs of one resource, whose types were checked. What is unknown breaks none. */
final class Rules {
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}/(http|tcp|udp)");
  private static final Pattern CUDA = Pattern.compile("[0-9]+\\.[0-9]+");
  private static final int LAST_PORT = 65535;

  private final Map<String, Object> inputs;
  private final List<Failure> failures = new ArrayList<>();

  Rules(Map<String, Object> inputs) {
    this.inputs = Values.plain(inputs);
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Whether there is surely something at a path; what it is may not be known yet. */
  boolean has(String path) {
    int dot = path.lastIndexOf('.');
    boolean below = dot < 0 || at(path.substring(0, dot)) != Values.Unknown.UNKNOWN;
    return below && at(path) != null;
  }

  /** Whether there is surely nothing at a path. */
  boolean misses(String path) {
    return at(path) == null;
  }

  /** The value at a path; empty when there is none, or when it is not known yet. */
  Optional<Object> value(String path) {
    return Optional.ofNullable(at(path)).filter(value -> value != Values.Unknown.UNKNOWN);
  }

  /** Whether a path has this value; false when it is not known yet. */
  boolean is(String path, Object value) {
    return value(path).filter(value::equals).isPresent();
  }

  void fail(String path, String reason) {
    failures.add(new Failure(path, reason));
  }

  void range(String path, double least, double most, String unit) {
    number(path)
        .filter(value -> value < least || value > most)
        .ifPresent(
            value ->
                fail(
                    path,
                    "is "
                        + Values.show(value)
                        + "; it must be "
                        + Values.show(least)
                        + " to "
                        + Values.show(most)
                        + unit));
  }

  void atLeast(String path, double least) {
    number(path)
        .filter(value -> value < least)
        .ifPresent(
            value ->
                fail(
                    path,
                    "is " + Values.show(value) + "; it must be at least " + Values.show(least)));
  }

  void oneOf(String path, List<String> allowed) {
    value(path)
        .filter(value -> !allowed.contains(value))
        .ifPresent(
            value ->
                fail(
                    path,
                    "is "
                        + Values.show(value)
                        + "; it must be one of "
                        + String.join(", ", allowed)));
  }

  void notEmpty(String path) {
    value(path)
        .filter(
            value ->
                value instanceof Collection<?> list ? list.isEmpty() : value.toString().isBlank())
        .ifPresent(value -> fail(path, "is empty; leave it out or give it a value"));
  }

  void exactlyOne(String first, String second) {
    if (has(first) && has(second)) {
      fail(second, "excludes " + first + "; leave one of them out");
    } else if (misses(first) && misses(second)) {
      fail(first, "is missing; either " + first + " or " + second + " is required");
    }
  }

  void atLeastOne(String first, String second) {
    if (misses(first) && misses(second)) {
      fail(first, "is missing; either " + first + " or " + second + " is required");
    }
  }

  void exclusive(String first, String second) {
    if (has(first) && has(second)) {
      fail(second, "excludes " + first + "; leave one of them out");
    }
  }

  /** The rules that all containers have. */
  void container() {
    notEmpty("name");
    notEmpty("image");
    notEmpty("templateId");
    notEmpty("registry");
    atLeast("disk", 1);
    ports();
    for (String name : Values.map(value("env").orElse(Map.of())).keySet()) {
      if (name.startsWith(Owner.PREFIX)) {
        fail(
            "env." + name,
            "begins with " + Owner.PREFIX + ", which marks what mlinfra made; rename it");
      }
    }
  }

  /** CUDA versions below a path; empty for the top. */
  void cuda(String path) {
    String prefix = path.isEmpty() ? "" : path + ".";
    exclusive(prefix + "minCudaVersion", prefix + "allowedCudaVersions");
    value(prefix + "minCudaVersion").ifPresent(value -> cuda(prefix + "minCudaVersion", value));
    int place = 0;
    for (Object version : (List<?>) value(prefix + "allowedCudaVersions").orElse(List.of())) {
      cuda(prefix + "allowedCudaVersions[" + place + "]", version);
      place++;
    }
  }

  private void cuda(String path, Object version) {
    if (version instanceof String text && !CUDA.matcher(text).matches()) {
      fail(path, "is \"" + text + "\"; a CUDA version is written like 12.4");
    }
  }

  private void ports() {
    int place = 0;
    for (Object port : (List<?>) value("ports").orElse(List.of())) {
      if (port instanceof String text
          && (!PORT.matcher(text).matches()
              || Integer.parseInt(text.substring(0, text.indexOf('/'))) > LAST_PORT)) {
        fail(
            "ports[" + place + "]",
            "is \"" + text + "\"; a port is written like 8888/http, 22/tcp or 53/udp");
      }
      place++;
    }
  }

  private Optional<Double> number(String path) {
    return value(path).filter(Double.class::isInstance).map(Double.class::cast);
  }

  private Object at(String path) {
    Object found = inputs;
    for (String name : path.split("\\.", -1)) {
      if (found == Values.Unknown.UNKNOWN) {
        return found;
      }
      found = found instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return found;
  }
}
