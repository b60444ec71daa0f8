variable "region" {
  type        = string
  description = "Region in which the image is made, such as us-east-1."
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region must be one such as us-east-1."
  }
}

variable "project" {
  type        = string
  description = "Project of the environment file: a cost tag, and the first part of the image's name."
  default     = "ml-agent"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.project))
    error_message = "The project must be 2 to 41 small letters, digits and -, and begin with a letter."
  }
}

variable "environment" {
  type        = string
  description = "Cost tag: the environment that pays for the image."
  default     = "shared"
}

variable "owner" {
  type        = string
  description = "Cost tag: team or person who answers for it."
  validation {
    condition     = length(var.owner) > 0
    error_message = "The owner must be a team or person, such as ml-platform."
  }
}

variable "cost_center" {
  type        = string
  description = "Cost tag: who pays."
  validation {
    condition     = length(var.cost_center) > 0
    error_message = "The cost center must be one such as cc-1234."
  }
}

variable "git_sha" {
  type        = string
  description = "Commit that the image is made from; a tag of it."
  validation {
    condition     = can(regex("^[0-9a-f]{7,64}$", var.git_sha))
    error_message = "The commit must be 7 to 64 hexadecimal digits: git rev-parse HEAD."
  }
}

variable "subnet_id" {
  type        = string
  description = "Subnet of the machine that the image is made on: with a way to the internet for packages."
  validation {
    condition     = can(regex("^subnet-[0-9a-f]+$", var.subnet_id))
    error_message = "The subnet must be one such as subnet-0123456789abcdef0."
  }
}

variable "instance_profile" {
  type        = string
  description = "Instance profile of that machine: output InstanceProfileName of builder.template.json."
  validation {
    condition     = length(var.instance_profile) > 0
    error_message = "The instance profile must be the name of one."
  }
}

variable "kms_key_id" {
  type        = string
  description = "Key of the image's disk. Default: the account's own for EBS."
  default     = ""
}

variable "cpu_instance_type" {
  type        = string
  description = "Machine for the CPU image."
  default     = "m7i.xlarge"
}

variable "gpu_instance_type" {
  type        = string
  description = "Machine for the GPU image; it needs a GPU, since the smoke test asks for it."
  default     = "g5.xlarge"
}
