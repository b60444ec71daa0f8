package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.iam.IGrantable;

/**
 * Permissions on a repository of images. Each comes with {@code ecr:GetAuthorizationToken}, which
 * signs in to the registry and knows no resource.
 */
public final class ImageRepositoryGrants {
  private final IRepository repository;

  ImageRepositoryGrants(IRepository repository) {
    this.repository = repository;
  }

  /** Lets a principal pull images, such as the execution role of a task. */
  public void pull(IGrantable grantee) {
    allow(grantee, List.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"));
  }

  /** Lets a principal push images; overwriting and deleting are not part of it. */
  public void push(IGrantable grantee) {
    allow(
        grantee,
        List.of(
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart"));
  }

  private void allow(IGrantable grantee, List<String> actions) {
    Statement.unnamed(actions, List.of(repository.getRepositoryArn())).addTo(grantee);
    Statement.of("SignInToRegistry", List.of("ecr:GetAuthorizationToken"), List.of("*"))
        .addTo(grantee);
  }
}
