# Images of the machines that train: packer build -only='amazon-ebs.gpu' . See README.md.

data "amazon-parameterstore" "cpu" {
  name   = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
  region = var.region
}

data "amazon-parameterstore" "gpu" {
  name   = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id"
  region = var.region
}

locals {
  stamp = formatdate("YYYYMMDD-hhmmss", timestamp())
  tags = {
    project     = var.project
    environment = var.environment
    owner       = var.owner
    cost-center = var.cost_center
    workload    = "training-ami"
    managed-by  = "mlinfra"
    git-sha     = var.git_sha
  }
}

source "amazon-ebs" "training" {
  region                      = var.region
  subnet_id                   = var.subnet_id
  iam_instance_profile        = var.instance_profile
  associate_public_ip_address = true
  # Through Session Manager: no port is open, and no rule lets anybody in.
  communicator  = "ssh"
  ssh_interface = "session_manager"
  ssh_username  = "ec2-user"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_type           = "gp3"
    volume_size           = 60
    encrypted             = true
    kms_key_id            = var.kms_key_id
    delete_on_termination = true
  }

  # The machine ends by itself when this program is killed.
  shutdown_behavior = "terminate"
  run_volume_tags   = local.tags
}

build {
  name = "training"

  source "source.amazon-ebs.training" {
    name            = "cpu"
    source_ami      = data.amazon-parameterstore.cpu.value
    instance_type   = var.cpu_instance_type
    ami_name        = "${var.project}-training-cpu-${local.stamp}"
    ami_description = "Training on processors, on the ECS-optimized Amazon Linux 2023"
    run_tags        = merge(local.tags, { Name = "${var.project}-training-ami-cpu" })
    tags            = merge(local.tags, { kind = "cpu", base-ami = "{{ .SourceAMI }}" })
    snapshot_tags   = merge(local.tags, { kind = "cpu" })
  }

  source "source.amazon-ebs.training" {
    name            = "gpu"
    source_ami      = data.amazon-parameterstore.gpu.value
    instance_type   = var.gpu_instance_type
    ami_name        = "${var.project}-training-gpu-${local.stamp}"
    ami_description = "Training on GPUs of NVIDIA, on the ECS-optimized Amazon Linux 2023"
    run_tags        = merge(local.tags, { Name = "${var.project}-training-ami-gpu" })
    tags            = merge(local.tags, { kind = "gpu", base-ami = "{{ .SourceAMI }}" })
    snapshot_tags   = merge(local.tags, { kind = "gpu" })
  }

  provisioner "shell" {
    inline = ["mkdir -p /tmp/provision"]
  }

  provisioner "file" {
    sources = [
      "${path.root}/scripts",
      "${path.root}/amazon-cloudwatch-agent.json",
      "${path.root}/requirements-tensorflow-${source.name}.txt",
      "${path.root}/../images/training",
    ]
    destination = "/tmp/provision/"
  }

  provisioner "shell" {
    inline = ["sudo sh /tmp/provision/scripts/install.sh ${source.name} /tmp/provision"]
  }

  # An image that cannot train is not made.
  provisioner "shell" {
    inline = [
      "sudo sh /tmp/provision/scripts/smoke-test.sh ${source.name}",
      "sudo sh /tmp/provision/scripts/clean-up.sh",
    ]
  }

  post-processor "manifest" {
    output     = "manifest-${source.name}.json"
    strip_path = true
    custom_data = {
      kind    = source.name
      region  = var.region
      git_sha = var.git_sha
    }
  }
}
