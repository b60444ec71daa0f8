package dev.mlinfra.local.runpod;

/**
 * A call that the emulator was asked.
 *
 * @param method GET, POST, PATCH or DELETE
 * @param path with the version, without the query
 * @param resource as in {@link Fault}
 * @param operation as in {@link Fault}
 * @param call the how-manieth of this operation on this resource, from 1
 * @param body what was sent; empty for none
 * @param status what was answered; 0 when the answer was lost
 */
public record RecordedCall(
    String method,
    String path,
    String resource,
    String operation,
    int call,
    String body,
    int status) {}
