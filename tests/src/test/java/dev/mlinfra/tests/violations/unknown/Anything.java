package dev.mlinfra.tests.violations.unknown;

/** In a package of no module. */
final class Anything {}
