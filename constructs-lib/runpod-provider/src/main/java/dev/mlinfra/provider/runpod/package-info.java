/** The Pulumi provider for RunPod's REST v2, a program of its own that the engine starts. */
package dev.mlinfra.provider.runpod;
