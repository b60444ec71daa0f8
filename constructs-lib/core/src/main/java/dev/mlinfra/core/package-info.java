/**
 * The environment file and what everything else reads from it.
 *
 * <p>{@link dev.mlinfra.core.EnvironmentLoader} turns a YAML file into an immutable {@link
 * dev.mlinfra.core.Environment}, or throws one {@link dev.mlinfra.core.ValidationException} that
 * lists every problem. Nothing here knows a cloud SDK.
 */
package dev.mlinfra.core;
