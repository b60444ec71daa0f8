package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskImageTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  private final TestStack stack = new TestStack();
  private final ImageRepository repository =
      new ImageRepository(
          stack.scope(),
          "Images",
          ImageRepositoryProps.builder().repositoryName("ml-agent/training").build());

  @Test
  void isNamedByTagDigestOrRegistry() {
    assertThat(TaskImage.ofTag(repository, "3f2c1ab").in(stack.scope())).endsWith(":3f2c1ab");
    assertThat(TaskImage.ofDigest(repository, DIGEST).in(stack.scope())).endsWith("@" + DIGEST);
    assertThat(TaskImage.ofRegistry("public.ecr.aws/x/y@" + DIGEST).in(stack.scope()))
        .isEqualTo("public.ecr.aws/x/y@" + DIGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "", "a tag"})
  void refusesATagThatMoves(String tag) {
    assertThatThrownBy(() -> TaskImage.ofTag(repository, tag))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "tag: given '%s'; allowed: the tag of one image, such as a commit, and never latest"
                .formatted(tag));
  }

  @Test
  void refusesWhatIsNoDigestNoParameterAndNotPinned() {
    assertThatThrownBy(() -> TaskImage.ofDigest(repository, "sha256:12"))
        .hasMessageContaining("digest: given 'sha256:12'; allowed: sha256: and 64 hexadecimal");
    assertThatThrownBy(() -> TaskImage.ofParameter(repository, "training"))
        .hasMessageContaining("parameter: given 'training'; allowed: a name such as /mlinfra/");
    assertThatThrownBy(() -> TaskImage.ofRegistry("python:3.12"))
        .hasMessageContaining("image: given 'python:3.12'; allowed: registry/name@sha256:");
  }
}
