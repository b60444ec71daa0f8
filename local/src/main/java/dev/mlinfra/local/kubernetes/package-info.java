/** A real Kubernetes API server on this machine, without nodes. */
package dev.mlinfra.local.kubernetes;
