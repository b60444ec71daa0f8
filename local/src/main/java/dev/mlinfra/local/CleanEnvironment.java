package dev.mlinfra.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what the machine's user has set up for AWS away from the programs that use the emulator.
 */
final class CleanEnvironment {
  private static final List<String> PREFIXES = List.of("AWS_", "CDK_", "MOTO_", "BOTO_");
  private static final Set<String> PROXIES = Set.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");
  private static final String NO_FILE = "/dev/null";
  private static final String THIS_MACHINE = "localhost,127.0.0.1";

  private CleanEnvironment() {}

  /** Takes away what AWS clients, the CDK and the emulator would read. */
  static void strip(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(
            name ->
                PREFIXES.stream().anyMatch(name::startsWith)
                    || PROXIES.contains(name.toUpperCase(Locale.ROOT)));
  }

  /** What keeps AWS clients from the user's files, from instance metadata and from a proxy. */
  static Map<String, String> ofClients() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AWS_CONFIG_FILE", NO_FILE);
    environment.put("AWS_SHARED_CREDENTIALS_FILE", NO_FILE);
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("NO_PROXY", THIS_MACHINE);
    environment.put("no_proxy", THIS_MACHINE);
    return environment;
  }

  /** What keeps the CDK command line from the network. */
  static Map<String, String> ofCdk() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("CDK_DISABLE_CLI_TELEMETRY", "true");
    environment.put("CDK_DISABLE_VERSION_CHECK", "1");
    // Its options can be given as CDK_ and their name: this is --no-notices.
    environment.put("CDK_NOTICES", "false");
    return environment;
  }
}
