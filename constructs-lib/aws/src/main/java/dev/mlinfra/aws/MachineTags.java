package dev.mlinfra.aws;

import software.amazon.awscdk.IResolvable;
import software.amazon.awscdk.ITaggable;
import software.amazon.awscdk.TagManager;
import software.amazon.awscdk.TagType;
import software.amazon.awscdk.Tags;
import software.constructs.Construct;

/**
 * The tags of a scope, for what carries them on inside of a property: those of a scope do not reach
 * into a launch template by themselves.
 */
final class MachineTags extends Construct implements ITaggable {
  private final TagManager tags;

  MachineTags(Construct scope, String id, String key, String value) {
    super(scope, id);
    tags = new TagManager(TagType.KEY_VALUE, "AWS::EC2::LaunchTemplate");
    Tags.of(this).add(key, value);
  }

  @Override
  public TagManager getTags() {
    return tags;
  }

  /** The tags as a template has them, once all are known. */
  IResolvable rendered() {
    return tags.getRenderedTags();
  }
}
