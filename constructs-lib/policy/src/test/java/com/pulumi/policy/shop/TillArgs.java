package com.pulumi.policy.shop;

/** Arguments of a resource that takes no tags. */
@SuppressWarnings("UnusedVariable") // the field's name is read
public final class TillArgs {
  private Object name;
}
