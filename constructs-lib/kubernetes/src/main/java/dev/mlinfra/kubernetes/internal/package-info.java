/** Rules and the parts that components share; no API. */
package dev.mlinfra.kubernetes.internal;
