# The brokers' role, for their projected token. AWS must be able to read the issuer's keys.
variable "issuer" {
  type        = string
  description = "The issuer in cluster.yaml, https://..."
}

resource "aws_iam_openid_connect_provider" "cluster" {
  url            = var.issuer
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  issuer = trimprefix(var.issuer, "https://")
}

resource "aws_iam_role" "broker" {
  name = "claviger-broker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.cluster.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:sub" = "system:serviceaccount:claviger:claviger-broker"
          "${local.issuer}:aud" = "sts.amazonaws.com"
        }
      }
    }]
  })
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
