package dev.mlinfra.tests.violations.core;

/** Stands for the environment file. */
public final class Environment {}
