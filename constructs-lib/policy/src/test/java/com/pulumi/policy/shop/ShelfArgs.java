package com.pulumi.policy.shop;

/** Named and built as the SDK of a provider names and builds the arguments of a resource. */
@SuppressWarnings("UnusedVariable") // the field's name is read
public final class ShelfArgs {
  private Object tags;
}
