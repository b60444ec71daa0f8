package dev.mlinfra.tests.violations.core.internal;

/** Stands for what only its own module may use. */
public final class Hidden {}
