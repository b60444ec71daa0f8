/**
 * Pulumi components for RunPod: a volume with a serverless endpoint, and a pod that trains once.
 */
package dev.mlinfra.runpod;
