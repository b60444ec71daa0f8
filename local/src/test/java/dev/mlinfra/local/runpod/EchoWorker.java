package dev.mlinfra.local.runpod;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker as RunPod's SDK starts it, for tests: tells what it was given, or misbehaves. */
final class EchoWorker {
  private EchoWorker() {}

  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    String host = given.get(given.indexOf("--rp_api_host") + 1);
    int port = Integer.parseInt(given.get(given.indexOf("--rp_api_port") + 1));
    if (System.getenv("BROKEN") != null) {
      System.exit(1);
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.createContext(
        "/runsync",
        exchange -> {
          try (exchange) {
            JsonNode input =
                JsonMapper.shared()
                    .readTree(exchange.getRequestBody().readAllBytes())
                    .path("input");
            if (input.has("sleepMillis")) {
              Thread.sleep(input.path("sleepMillis").asLong());
            }
            if (input.has("exit")) {
              Runtime.getRuntime().halt(1);
            }
            Map<String, Object> answer = new TreeMap<>();
            answer.put("status", input.has("error") ? "FAILED" : "COMPLETED");
            if (input.has("error")) {
              answer.put("error", input.path("error").asString());
            } else {
              answer.put("output", Map.of("environment", System.getenv()));
            }
            byte[] body = JsonMapper.shared().writeValueAsBytes(answer);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(body);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }
}
