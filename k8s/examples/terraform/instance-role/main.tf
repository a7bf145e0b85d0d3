# The brokers' role, for instances that run only brokers.
resource "aws_iam_role" "broker" {
  name = "claviger-broker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# For the instances' launch template, with metadata_options { http_tokens = "required", http_put_response_hop_limit = 2 }.
resource "aws_iam_instance_profile" "broker" {
  name = "claviger-broker"
  role = aws_iam_role.broker.name
}

# Its only permissions.
resource "aws_iam_role_policy" "broker" {
  name = "assume-pod-roles"
  role = aws_iam_role.broker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "AssumePodRoles"
      Effect   = "Allow"
      Action   = ["sts:AssumeRole", "sts:TagSession"]
      Resource = "arn:aws:iam::*:role/pods/*"
    }]
  })
}

output "arn" { value = aws_iam_role.broker.arn }
