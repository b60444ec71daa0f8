package dev.mlinfra.template;

import java.util.Optional;

/**
 * What a stack gives out.
 *
 * @param stack id of the stack
 * @param name its name
 * @param value its value
 * @param exportName the name under which other stacks import it
 */
public record Output(String stack, String name, Value value, Optional<Value> exportName) {}
