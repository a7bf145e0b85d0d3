# A user for brokers with a key file, to try it. Create the key by hand, so that it is in no state file:
#   aws iam create-access-key --user-name claviger-broker
resource "aws_iam_user" "broker" {
  name = "claviger-broker"
}

resource "aws_iam_user_policy" "broker" {
  name = "assume-pod-roles"
  user = aws_iam_user.broker.name
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

output "arn" { value = aws_iam_user.broker.arn }
