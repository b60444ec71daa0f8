/** The Pulumi program of the stacks {@code runpod-<environment>}. */
package dev.mlinfra.infra.runpod;
