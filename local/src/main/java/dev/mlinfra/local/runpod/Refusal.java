package dev.mlinfra.local.runpod;

import java.util.List;

/** An answer that says no, as the vendor's problem documents do. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String NO_CAPACITY =
      "There are no longer any instances available with the requested specifications. Please refresh"
          + " and try again.";

  private final int status;
  private final transient List<String> errors;

  private Refusal(int status, String detail, List<String> errors) {
    super(detail, null, false, false);
    this.status = status;
    this.errors = List.copyOf(errors);
  }

  static Refusal of(int status, String detail) {
    return new Refusal(status, detail, List.of());
  }

  static Refusal badRequest(String detail) {
    return of(400, detail);
  }

  static Refusal notFound(String what, String id) {
    return of(404, what + " " + id + " not found");
  }

  static Refusal unprocessable(List<String> errors) {
    return new Refusal(422, "Request validation failed.", errors);
  }

  int status() {
    return status;
  }

  List<String> errors() {
    return errors;
  }

  String title() {
    return title(status);
  }

  static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 422 -> "Unprocessable Entity";
      case 429 -> "Too Many Requests";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
