# Exact versions: the ones that this folder is checked with, which tools/go/packer builds.
packer {
  required_version = "= 1.11.2"
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "= 1.2.1"
    }
  }
}
