package io.claviger.broker.issuance;

import io.claviger.config.trust.Sha256;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names and tags of a session: role session name, session tags and external id of STS
 * AssumeRole.
 */
final class SessionNames {

  private static final int MAX_NAME = 64;
  private static final int HASH_BYTES = 6;

  /**
   * The length of namespace and service account together: the maximum without the dot, the dash and
   * the hash's hex digits.
   */
  private static final int NAMES = MAX_NAME - 2 - 2 * HASH_BYTES;

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^\\w+=,.@-]");

  private SessionNames() {}

  /**
   * {@code <namespace>.<service account>-<12 hex of the key's SHA-256>}. The name is the same at
   * every refresh, as MSK's IAM re-authentication requires, and is readable in CloudTrail. The
   * names are shortened to fit 64 characters, the longer one first. Characters that STS rejects
   * become {@code _}. The hash keeps the session names distinct.
   */
  static String sessionName(SessionKey key, WorkloadIdentity workload) {
    String namespace = workload.namespace();
    String account = workload.serviceAccount();
    int forAccount = Math.min(account.length(), Math.max(NAMES / 2, NAMES - namespace.length()));
    int forNamespace = Math.min(namespace.length(), NAMES - forAccount);
    String names = namespace.substring(0, forNamespace) + "." + account.substring(0, forAccount);
    return NOT_IN_A_NAME.matcher(names).replaceAll("_") + "-" + hash(key);
  }

  /** The EKS Pod Identity tags that all pods of a cluster share. */
  static Map<String, String> tags(ClusterProfile cluster) {
    return Map.of(SessionTags.CLUSTER_ARN, cluster.arn(), SessionTags.CLUSTER_NAME, cluster.name());
  }

  /**
   * The other EKS Pod Identity tags. The tags that name the pod are set only if each pod has its
   * own session. Values are not altered, because trust policies compare them: STS must reject a
   * value that it does not accept.
   */
  static Map<String, String> tags(WorkloadIdentity workload, boolean eachPod) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(SessionTags.NAMESPACE, workload.namespace());
    tags.put(SessionTags.SERVICE_ACCOUNT, workload.serviceAccount());
    if (eachPod) {
      tags.put(SessionTags.POD_NAME, workload.podName());
      tags.put(SessionTags.POD_UID, workload.podUid());
    }
    return tags;
  }

  private static String hash(SessionKey key) {
    byte[] digest = Sha256.digest().digest(key.text().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
  }
}
