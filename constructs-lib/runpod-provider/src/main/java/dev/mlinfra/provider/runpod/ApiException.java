package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** An answer of the API that says no. */
final class ApiException extends ProviderException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The refusal of a call, from the problem document that came. */
  static ApiException of(String call, int status, JsonObject problem, String requestId) {
    StringBuilder message =
        new StringBuilder("RunPod refused ").append(call).append(" (").append(status);
    message
        .append("): ")
        .append(text(problem, "detail", text(problem, "title", "no reason given")));
    List<String> errors = new ArrayList<>();
    if (problem.has("errors") && problem.get("errors").isJsonArray()) {
      for (JsonElement error : problem.getAsJsonArray("errors")) {
        errors.add(error.isJsonPrimitive() ? error.getAsString() : error.toString());
      }
    }
    if (!errors.isEmpty()) {
      message.append(" [").append(String.join("; ", errors)).append(']');
    }
    message.append(advice(status));
    if (!requestId.isEmpty()) {
      message.append(" (request ").append(requestId).append(')');
    }
    return new ApiException(status, message.toString());
  }

  int status() {
    return status;
  }

  private static String advice(int status) {
    return switch (status) {
      case 401 -> "; set RUNPOD_API_KEY, or: pulumi config set --secret mlinfra-runpod:apiKey";
      case 402 -> "; add credit to the account in RunPod's console, under Billing";
      case 403 -> "; give the key the right in RunPod's console, under Settings, API keys";
      case 413 -> "; make the body smaller, env and args first: 102,400 bytes are possible";
      case 429 -> "; wait a minute, or raise mlinfra-runpod:retrySeconds";
      default -> "";
    };
  }

  private static String text(JsonObject problem, String member, String otherwise) {
    return problem.has(member) && problem.get(member).isJsonPrimitive()
        ? problem.get(member).getAsString()
        : otherwise;
  }
}
