package io.claviger.scenario;

import io.claviger.localmesh.BrokerMember;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives service accounts roles through the API of one broker, as an operator does. */
final class AssociationWriter {

  private final Eks eks;
  private final BrokerMember broker;
  private final Map<String, String> ids = new HashMap<>();

  AssociationWriter(Eks eks, BrokerMember broker) {
    this.eks = eks;
    this.broker = broker;
  }

  /**
   * Gives a service account its first role or another one.
   *
   * @return the time of the response, as {@link System#nanoTime()}
   */
  long give(String namespace, String serviceAccount, String roleArn) {
    String name = namespace + "/" + serviceAccount;
    String token = UUID.randomUUID().toString();
    @Nullable String id = ids.get(name);
    return eks.untilDecided(
        () -> {
          if (id == null) {
            ids.put(name, create(namespace, serviceAccount, roleArn, token));
          } else {
            update(id, roleArn, token);
          }
          return System.nanoTime();
        });
  }

  private String create(String namespace, String serviceAccount, String roleArn, String token) {
    return eks.of(broker)
        .createPodIdentityAssociation(
            request ->
                request
                    .clusterName(eks.cluster())
                    .namespace(namespace)
                    .serviceAccount(serviceAccount)
                    .roleArn(roleArn)
                    .clientRequestToken(token))
        .association()
        .associationId();
  }

  private void update(String id, String roleArn, String token) {
    eks.of(broker)
        .updatePodIdentityAssociation(
            request ->
                request
                    .clusterName(eks.cluster())
                    .associationId(id)
                    .roleArn(roleArn)
                    .clientRequestToken(token));
  }
}
