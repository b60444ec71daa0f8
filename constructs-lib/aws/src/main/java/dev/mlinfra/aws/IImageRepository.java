package dev.mlinfra.aws;

import software.amazon.awscdk.services.ecr.IRepository;

/** A repository of container images, made here or found. */
public interface IImageRepository {
  /** The repository itself. */
  IRepository getRepository();

  /** Named permissions on this repository alone. */
  default ImageRepositoryGrants getGrants() {
    return new ImageRepositoryGrants(getRepository());
  }
}
