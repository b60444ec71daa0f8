/** The pricers of RunPod. */
package dev.mlinfra.cost.internal.pulumi.runpod;
