package io.claviger.broker.ingress.api;

/** The AWS services that this API stands for: what a request is signed for. */
enum AwsService {
  EKS("eks", ApiErrors.SERVER),
  EKS_AUTH("eks-auth", ApiErrors.INTERNAL);

  private static final String ASSUME = "/assume-role-for-pod-identity";

  private final String signingName;
  private final String serverFault;

  AwsService(String signingName, String serverFault) {
    this.signingName = signingName;
    this.serverFault = serverFault;
  }

  /** The service that a path belongs to, whether there is such a path or not. */
  static AwsService of(String rawPath) {
    return rawPath.endsWith(ASSUME) ? EKS_AUTH : EKS;
  }

  /** As in the credential scope of a signature, and as the tag of its operations. */
  String signingName() {
    return signingName;
  }

  /** The error name for a failure that is nobody else's. */
  String serverFault() {
    return serverFault;
  }
}
