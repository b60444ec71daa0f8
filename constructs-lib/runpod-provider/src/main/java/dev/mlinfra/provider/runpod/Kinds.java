package dev.mlinfra.provider.runpod;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All kinds of resources. */
final class Kinds {
  private static final Map<String, Kind> BY_NAME =
      List.of(
              new NetworkVolumeKind(),
              new TemplateKind(),
              new EndpointKind(),
              new PodKind(),
              new RegistryCredentialKind(),
              new SecretKind())
          .stream()
          .collect(Collectors.toUnmodifiableMap(Kind::name, Function.identity()));

  private Kinds() {}

  static Map<String, Kind> byName() {
    return BY_NAME;
  }

  /**
   * The kind of a URN, such as that of {@code
   * urn:pulumi:dev::p::mlinfra-runpod:index:Pod::trainer}.
   */
  static Kind of(String urn) {
    String[] parts = urn.split("::", 4);
    String types = parts.length == 4 ? parts[2] : urn;
    String type = types.substring(types.lastIndexOf('$') + 1);
    Kind kind = BY_NAME.get(type.substring(type.lastIndexOf(':') + 1));
    if (kind == null) {
      throw new ProviderException(
          "there is no resource '" + type + "'; there are: " + PackageSchema.get().resources());
    }
    return kind;
  }
}
