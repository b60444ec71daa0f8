package dev.mlinfra.local.runpod;

/**
 * What goes wrong with one call.
 *
 * @param resource as in the path: {@code pods}, {@code serverless}, {@code templates}, {@code
 *     network-volumes}, {@code registries}, {@code secrets}, {@code catalog}
 * @param operation {@code create}, {@code get}, {@code list}, {@code update}, {@code delete} or
 *     {@code action}
 * @param call the how-manieth call of that operation on that resource, from 1
 * @param kind what happens to it
 */
public record Fault(String resource, String operation, int call, Kind kind) {

  /** What happens to a call. */
  public enum Kind {
    /** The connection breaks before the call is looked at. */
    LOST_REQUEST(0, false),
    /** The call is done, then the connection breaks. */
    LOST_ANSWER(0, true),
    /** The call is done, and nothing comes back until the caller gives up. */
    SILENCE(0, true),
    /** The call is done, but the answer says that it failed. */
    DONE_BUT_500(500, true),
    /** The call is done; half of the answer arrives. */
    HALF_AN_ANSWER(0, true),
    /** Refused: not now, with the time after which to ask again. */
    TOO_MANY_REQUESTS(429, false),
    /** Fails before anything is done. */
    SERVER_ERROR(500, false),
    /** Fails before anything is done, at the gateway. */
    BAD_GATEWAY(502, false),
    /** Refused: nothing left to pay with. */
    PAYMENT_REQUIRED(402, false),
    /** Refused: the key has not that right. */
    FORBIDDEN(403, false),
    /** Refused: not there. */
    NOT_FOUND(404, false),
    /** Refused: not in this state. */
    CONFLICT(409, false),
    /** Refused: the body is too large. */
    TOO_LARGE(413, false),
    /** Refused: the body is not what the schema says. */
    UNPROCESSABLE(422, false),
    /** Refused: no machine is free. */
    NO_CAPACITY(400, false);

    private final int status;
    private final boolean done;

    Kind(int status, boolean done) {
      this.status = status;
      this.done = done;
    }

    /** The status that is answered, or 0 when no whole answer comes. */
    public int status() {
      return status;
    }

    /** Whether the call took effect. */
    public boolean done() {
      return done;
    }
  }
}
