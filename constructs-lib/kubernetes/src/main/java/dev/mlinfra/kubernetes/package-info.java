/**
 * Pulumi components for Kubernetes: a namespace with its limits, a training job, an inference
 * service, who may submit jobs, and what nodes with GPUs need.
 */
package dev.mlinfra.kubernetes;
