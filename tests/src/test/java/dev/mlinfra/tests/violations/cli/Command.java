package dev.mlinfra.tests.violations.cli;

/** Stands for the command. */
public final class Command {}
