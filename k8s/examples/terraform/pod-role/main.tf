# A role for the pods of one service account.
variable "name" { type = string }
variable "broker_role_arn" { type = string }
variable "cluster_arn" {
  type        = string
  description = "The cluster's ARN in cluster.yaml."
}
variable "namespace" { type = string }
variable "service_account" { type = string }

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "ClavigerPods"
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = [var.broker_role_arn]
    }
    dynamic "condition" {
      for_each = {
        "eks-cluster-arn"            = var.cluster_arn
        "kubernetes-namespace"       = var.namespace
        "kubernetes-service-account" = var.service_account
      }
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }
}

# The brokers' role is limited to this path.
resource "aws_iam_role" "pod" {
  name               = var.name
  path               = "/pods/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

output "arn" { value = aws_iam_role.pod.arn }
