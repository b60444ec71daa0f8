package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.TaskImageRules;
import dev.mlinfra.core.ValidationException;
import java.util.Optional;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/** The image of a container: always one and the same, never whatever a tag means today. */
public final class TaskImage {
  private final Optional<IImageRepository> repository;
  private final String reference;
  private final boolean parameter;

  private TaskImage(Optional<IImageRepository> repository, String reference, boolean parameter) {
    this.repository = repository;
    this.reference = reference;
    this.parameter = parameter;
  }

  /**
   * An image of a repository by its tag, such as the commit that it was built from. The repository
   * must not let tags move, as an {@link ImageRepository} does.
   *
   * @throws ValidationException when it is no tag
   */
  public static TaskImage ofTag(IImageRepository repository, String tag) {
    ValidationException.throwIfAny("TaskImage", TaskImageRules.tag(tag));
    return new TaskImage(Optional.of(repository), ":" + tag, false);
  }

  /**
   * An image of a repository by its digest.
   *
   * @param digest such as {@code sha256:} and 64 digits
   * @throws ValidationException when it is no digest
   */
  public static TaskImage ofDigest(IImageRepository repository, String digest) {
    ValidationException.throwIfAny("TaskImage", TaskImageRules.digest(digest));
    return new TaskImage(Optional.of(repository), "@" + digest, false);
  }

  /**
   * The image of a repository that an SSM parameter names, such as the one that the image pipeline
   * writes: {@code registry/repository@sha256:…}. Each deployment takes what stands there then; it
   * must be there before the first one.
   *
   * @param parameter such as {@code /mlinfra/ml-agent/dev/images/training}
   * @throws ValidationException when it is no name of a parameter
   */
  public static TaskImage ofParameter(IImageRepository repository, String parameter) {
    ValidationException.throwIfAny("TaskImage", TaskImageRules.parameter(parameter));
    return new TaskImage(Optional.of(repository), parameter, true);
  }

  /**
   * An image of another registry, by digest. A network with egress {@code ENDPOINTS} does not reach
   * it.
   *
   * @param image such as {@code public.ecr.aws/docker/library/python@sha256:…}
   * @throws ValidationException when it has no digest
   */
  public static TaskImage ofRegistry(String image) {
    ValidationException.throwIfAny("TaskImage", TaskImageRules.registry(image));
    return new TaskImage(Optional.empty(), image, false);
  }

  /** What a container definition takes. */
  String in(Construct scope) {
    if (repository.isEmpty()) {
      return reference;
    }
    String uri = repository.get().getRepository().getRepositoryUri();
    if (!parameter) {
      return uri + reference;
    }
    // The repository is written out, so that templates tell where the image comes from.
    String named = StringParameter.valueForStringParameter(scope, reference);
    return uri + "@" + Fn.select(1, Fn.split("@", named));
  }

  /** Lets a principal pull it. */
  void grantPull(IGrantable grantee) {
    repository.ifPresent(it -> it.getGrants().pull(grantee));
  }
}
