package dev.mlinfra.template.internal;

import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.ScalarNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives the nodes of a Pulumi graph their meaning; no secret's value gets past it. */
final class PulumiValues {
  /** A map with this key is no map but what the key's value says. */
  private static final String SIGNATURE = "4dabf18193072939515e22adb298388d";

  private static final String SECRET = "1b47061264138c4ac30d75fd1eb44270";
  private static final String ASSET = "c44067f5952c0a294b673a41bacd8c17";
  private static final String ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
  private static final String RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
  private static final String OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

  /** One marker per type: bool, number, string, array, asset, archive, object. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
          "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
          "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
          "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
          "030794c1-ac77-496b-92df-f27374a8bd58",
          "e48ece36-62e2-4504-bad9-02848725956a",
          "dd056dcd-154b-4c76-9bd3-c8f88648b5ff");

  /** How a preview writes a secret that it hides. */
  private static final String HIDDEN = "[secret]";

  private final String stack;

  /**
   * @param stack id of the stack that the values belong to
   */
  PulumiValues(String stack) {
    this.stack = stack;
  }

  Value of(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    if (node instanceof ListNode list) {
      return new Value.Sequence(list.items().stream().map(this::of).toList());
    }
    return node.get(SIGNATURE).isPresent()
        ? signed(node)
        : new Value.Mapping(entries(node.map(), Set.of()));
  }

  /** The entries of a map, with some of them hidden. */
  Map<String, Value> entries(Map<String, Node> nodes, Set<String> secrets) {
    Map<String, Value> values = new LinkedHashMap<>();
    nodes.forEach(
        (key, node) -> values.put(key, secrets.contains(key) ? new Value.Secret() : of(node)));
    return values;
  }

  private static Value scalar(ScalarNode scalar) {
    if (scalar.text().equals(HIDDEN)) {
      return new Value.Secret();
    }
    boolean unknown =
        scalar.text().length() >= 36 && UNKNOWN.stream().anyMatch(scalar.text()::contains);
    return unknown ? unknown() : CfnValues.scalar(scalar);
  }

  private static Value unknown() {
    return new Value.Unknown("pulumi output", new Value.Null());
  }

  private Value signed(Node node) {
    String signature = node.text(SIGNATURE).orElse("");
    return switch (signature) {
      case SECRET -> new Value.Secret();
      case ASSET, ARCHIVE -> {
        Map<String, Value> entries = entries(node.map(), Set.of());
        entries.remove(SIGNATURE);
        yield new Value.Mapping(entries);
      }
      case RESOURCE ->
          node.text("urn")
              .<Value>map(urn -> new Value.Reference(new ResourceId(stack, urn), Optional.empty()))
              .orElseGet(PulumiValues::unknown);
      case OUTPUT -> output(node);
      default -> new Value.Unknown("pulumi value of another kind", new Value.Null());
    };
  }

  private Value output(Node node) {
    boolean secret =
        node.get("secret")
            .filter(it -> it instanceof ScalarNode scalar && scalar.text().equals("true"))
            .isPresent();
    if (secret) {
      return new Value.Secret();
    }
    return node.get("value").map(this::of).orElseGet(PulumiValues::unknown);
  }
}
