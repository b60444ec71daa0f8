/**
 * The embedded AWS: {@link dev.mlinfra.local.EmbeddedAws} starts, finds and stops the emulator,
 * {@link dev.mlinfra.local.LambdaHost} runs the functions that are deployed in it.
 */
package dev.mlinfra.local;
