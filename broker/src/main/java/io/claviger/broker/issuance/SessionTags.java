package io.claviger.broker.issuance;

/** The keys of EKS Pod Identity's session tags, which trust policies refer to. */
public final class SessionTags {

  public static final String CLUSTER_ARN = "eks-cluster-arn";
  public static final String CLUSTER_NAME = "eks-cluster-name";
  public static final String NAMESPACE = "kubernetes-namespace";
  public static final String SERVICE_ACCOUNT = "kubernetes-service-account";
  public static final String POD_NAME = "kubernetes-pod-name";
  public static final String POD_UID = "kubernetes-pod-uid";

  private SessionTags() {}
}
