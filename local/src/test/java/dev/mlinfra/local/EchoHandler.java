package dev.mlinfra.local;

import java.util.Map;

/** The function under test. Loaded by the child JVM; what it does is said by the event. */
public final class EchoHandler {
  private static int calls;

  public Map<String, Object> handle(Map<String, Object> event) throws InterruptedException {
    calls++;
    System.out.println("event " + event.get("do"));
    switch (String.valueOf(event.get("do"))) {
      case "throw" -> throw new IllegalStateException("as asked");
      case "exit" -> Runtime.getRuntime().halt(3);
      case "sleep" -> Thread.sleep(60_000);
      case "status500" -> {
        return Map.of("statusCode", 500);
      }
      default -> {}
    }
    return Map.of(
        "calls",
        calls,
        "name",
        String.valueOf(System.getenv("AWS_LAMBDA_FUNCTION_NAME")),
        "home",
        String.valueOf(System.getenv("MLINFRA_NOT_PASSED_ON")),
        "tmp",
        System.getProperty("java.io.tmpdir") + " " + System.getenv("TMPDIR"),
        "aws",
        String.valueOf(System.getenv("AWS_CONFIG_FILE")),
        "option",
        String.valueOf(System.getProperty("test.opt")));
  }
}
