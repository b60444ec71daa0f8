package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.DataLoss;
import dev.mlinfra.aws.internal.ImageRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ecr.TagStatus;
import software.constructs.Construct;

/**
 * A repository of container images in ECR.
 *
 * <p>Encrypted; images are scanned when they are pushed; a tag always means the same image, so a
 * {@code latest} can be pushed once alone: tag with the commit. Images without a tag go after a
 * day, old ones when there are too many. Retained when the stack is deleted.
 */
public final class ImageRepository extends Construct implements IImageRepository {
  private final Repository repository;

  /**
   * A repository of images.
   *
   * @throws ValidationException with every problem of the properties
   */
  public ImageRepository(Construct scope, String id, ImageRepositoryProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "ImageRepository '" + getNode().getPath() + "'", ImageRules.repository(props));

    boolean destroy =
        DataLoss.isAllowed(this, props.getRemovalPolicy(), "mlinfra::imageRepository.removal");
    repository =
        Repository.Builder.create(this, "Resource")
            .repositoryName(props.getRepositoryName())
            .imageTagMutability(TagMutability.IMMUTABLE)
            .imageScanOnPush(true)
            .encryptionKey(props.getEncryptionKey().orElse(null))
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .description("Images without a tag go after a day")
                        .tagStatus(TagStatus.UNTAGGED)
                        .maxImageAge(Duration.days(1))
                        .build(),
                    LifecycleRule.builder()
                        .description("The newest images are kept")
                        .maxImageCount(props.getKeptImages())
                        .build()))
            .removalPolicy(destroy ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
            // A property of ECR's: nothing has to run for it.
            .emptyOnDelete(destroy ? true : null)
            .build();
  }

  /**
   * A repository that was made elsewhere, with the same grants.
   *
   * @param repository the repository, such as from {@code Repository.fromRepositoryName}
   */
  public static IImageRepository fromExisting(IRepository repository) {
    return new Existing(repository);
  }

  @Override
  public IRepository getRepository() {
    return repository;
  }

  private record Existing(IRepository repository) implements IImageRepository {
    @Override
    public IRepository getRepository() {
      return repository;
    }
  }
}
