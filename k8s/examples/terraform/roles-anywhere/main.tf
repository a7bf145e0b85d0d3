# The brokers' role, for a certificate of your own authority (IAM Roles Anywhere).
variable "authority_pem" { type = string }
variable "common_name" {
  type        = string
  default     = "claviger-broker"
  description = "The common name of the brokers' certificate. Other certificates of the authority are rejected."
}

resource "aws_rolesanywhere_trust_anchor" "authority" {
  name    = "claviger"
  enabled = true
  source {
    source_type = "CERTIFICATE_BUNDLE"
    source_data { x509_certificate_data = var.authority_pem }
  }
}

resource "aws_iam_role" "broker" {
  name = "claviger-broker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "rolesanywhere.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
      Condition = {
        ArnEquals    = { "aws:SourceArn" = aws_rolesanywhere_trust_anchor.authority.arn }
        StringEquals = { "aws:PrincipalTag/x509Subject/CN" = var.common_name }
      }
    }]
  })
}

resource "aws_rolesanywhere_profile" "broker" {
  name      = "claviger-broker"
  enabled   = true
  role_arns = [aws_iam_role.broker.arn]
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

output "trust_anchor_arn" { value = aws_rolesanywhere_trust_anchor.authority.arn }
output "profile_arn" { value = aws_rolesanywhere_profile.broker.arn }
