package dev.mlinfra.local.runpod;

import java.nio.file.Path;
import java.util.List;

/**
 * What stands in place of the worker's image: a program that starts the local API server of
 * RunPod's Python SDK.
 *
 * @param command the program, which is given {@code --rp_serve_api}, a host and a port
 * @param folder where it runs
 * @param volumes takes a folder for each network volume, named by its id
 * @param log takes what workers write
 */
public record WorkerProgram(List<String> command, Path folder, Path volumes, Path log) {
  public WorkerProgram {
    command = List.copyOf(command);
  }
}
