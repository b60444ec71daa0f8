package dev.mlinfra.provider.runpod;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the provider is configured.
 *
 * @param apiKey empty when none is set
 * @param baseUrl without a slash at the end
 * @param owner see {@link Owner#of}
 * @param requestTimeout for one answer
 * @param retries for one call
 * @param ready how long a pod may take to run
 * @param takeOver whether what an earlier attempt left is taken over
 */
record Settings(
    String apiKey,
    String baseUrl,
    String owner,
    Duration requestTimeout,
    RetryPolicy retries,
    Duration ready,
    boolean takeOver) {
  private static final String BASE_URL = "https://api.runpod.io/v2";

  /** The settings of checked configuration; environment variables stand in for what is absent. */
  static Settings of(Map<String, Object> configuration, Map<String, String> environment) {
    Map<String, Object> values = Values.plain(configuration);
    RetryPolicy defaults = RetryPolicy.defaults();
    return new Settings(
        text(values, "apiKey", environment.getOrDefault("RUNPOD_API_KEY", "")),
        withoutSlash(
            text(values, "baseUrl", environment.getOrDefault("RUNPOD_BASE_URL", BASE_URL))),
        text(values, "owner", ""),
        Duration.ofSeconds(seconds(values, "requestTimeoutSeconds", 60)),
        new RetryPolicy(
            (int) seconds(values, "retryAttempts", defaults.attempts()),
            Duration.ofSeconds(seconds(values, "retrySeconds", defaults.budget().toSeconds())),
            defaults.firstWait()),
        Duration.ofSeconds(seconds(values, "readySeconds", 600)),
        !Boolean.FALSE.equals(values.get("takeOver")));
  }

  /** What is wrong with configuration whose types are right. */
  static List<Failure> check(Map<String, Object> configuration) {
    Rules rules = new Rules(configuration);
    rules.notEmpty("apiKey");
    rules.atLeast("requestTimeoutSeconds", 1);
    rules.atLeast("retryAttempts", 1);
    rules.atLeast("retrySeconds", 0);
    rules.atLeast("readySeconds", 1);
    List<Failure> failures = new ArrayList<>(rules.failures());
    rules
        .value("baseUrl")
        .filter(url -> !usable(url.toString()))
        .ifPresent(
            url ->
                failures.add(
                    new Failure(
                        "baseUrl",
                        "is \""
                            + url
                            + "\"; it must begin with https://, or with http:// on this machine")));
    return failures;
  }

  String requireApiKey() {
    if (apiKey.isEmpty()) {
      throw new ProviderException(
          "no API key; set RUNPOD_API_KEY, or: pulumi config set --secret mlinfra-runpod:apiKey");
    }
    return apiKey;
  }

  @Override
  public String toString() {
    return "Settings[" + baseUrl + "]";
  }

  /** The key goes over the wire in clear text with http. */
  static boolean usable(String url) {
    try {
      URI uri = URI.create(url);
      boolean here =
          "127.0.0.1".equals(uri.getHost())
              || "localhost".equals(uri.getHost())
              || "[::1]".equals(uri.getHost());
      return uri.getHost() != null
          && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && here));
    } catch (IllegalArgumentException noUrl) {
      return false;
    }
  }

  private static String text(Map<String, Object> values, String name, String otherwise) {
    return values.get(name) instanceof String text ? text : otherwise;
  }

  private static long seconds(Map<String, Object> values, String name, long otherwise) {
    return values.get(name) instanceof Double number ? number.longValue() : otherwise;
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
