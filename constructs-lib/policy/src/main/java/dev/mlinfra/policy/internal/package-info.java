/** How the gate decides; may change in every version. */
package dev.mlinfra.policy.internal;
