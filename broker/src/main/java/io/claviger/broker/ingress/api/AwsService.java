package io.claviger.broker.ingress.api;

/** The AWS services of this API, which requests are signed for. */
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

  /** Returns the service of a path, even of an unknown path. */
  static AwsService of(String rawPath) {
    return rawPath.endsWith(ASSUME) ? EKS_AUTH : EKS;
  }

  /** The name in the credential scope of a signature, and the tag of the service's operations. */
  String signingName() {
    return signingName;
  }

  /** The error name for a broker fault. */
  String serverFault() {
    return serverFault;
  }
}
