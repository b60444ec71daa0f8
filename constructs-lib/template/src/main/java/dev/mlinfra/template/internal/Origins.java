package dev.mlinfra.template.internal;

import dev.mlinfra.template.SourceLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who made which resource: what a CDK assembly's metadata records. */
final class Origins {
  private static final Pattern FRAME =
      Pattern.compile(
          "(?:at )?([\\w.$]+)\\.([\\w$<>]+) ?\\(([\\w$-]+\\.(?:java|kt|scala|groovy)):(\\d{1,9})\\)");

  /** Frames that say nothing of the user's program. */
  private static final Pattern PLUMBING =
      Pattern.compile(
          "(software\\.amazon\\.(awscdk|jsii)|software\\.constructs|java|jdk|sun)\\..*");

  private static final int MOST_FRAMES = 200;

  static final Origins NONE = new Origins();

  private final Map<String, List<SourceLine>> byPath = new HashMap<>();
  private final Map<String, String> pathByLogicalId = new HashMap<>();

  /** Adds the metadata of a manifest's artifact or of its metadata file. */
  void add(Node metadata) {
    metadata.map().forEach(this::addPath);
  }

  private void addPath(String path, Node entries) {
    for (Node entry : entries.list()) {
      String type = entry.text("type").orElse("");
      if (type.equals("aws:cdk:logicalId")) {
        // Nested stacks can repeat a logical id; then the id alone decides nothing.
        entry.text("data").ifPresent(id -> pathByLogicalId.merge(id, path, (one, other) -> ""));
        entry.get("trace").ifPresent(trace -> addTrace(path, trace));
      } else if (type.equals("aws:cdk:creationStack")) {
        entry.get("data").ifPresent(trace -> addTrace(path, trace));
      }
    }
  }

  private void addTrace(String path, Node trace) {
    List<SourceLine> lines = new ArrayList<>();
    for (Node frame : trace.list()) {
      if (lines.size() < MOST_FRAMES) {
        frame.asText().flatMap(Origins::line).ifPresent(lines::add);
      }
    }
    if (!lines.isEmpty()) {
      byPath.putIfAbsent(path, List.copyOf(lines));
    }
  }

  private static Optional<SourceLine> line(String frame) {
    Matcher matcher = FRAME.matcher(frame.strip());
    return matcher.matches() && !PLUMBING.matcher(matcher.group(1)).matches()
        ? Optional.of(
            new SourceLine(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3),
                Integer.parseInt(matcher.group(4))))
        : Optional.empty();
  }

  /** The construct path of a logical id, when only one construct has it. */
  Optional<String> path(String logicalId) {
    return Optional.ofNullable(pathByLogicalId.get(logicalId))
        .filter(path -> !path.isEmpty())
        .map(path -> path.startsWith("/") ? path.substring(1) : path);
  }

  /** The lines that made the construct at a path. */
  List<SourceLine> trace(String constructPath) {
    return byPath.getOrDefault("/" + constructPath, List.of());
  }
}
