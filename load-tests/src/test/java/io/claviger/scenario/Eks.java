package io.claviger.scenario;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.OperatorApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.ClientException;
import software.amazon.awssdk.services.eks.model.CreatePodIdentityAssociationRequest;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;

/** A client of the brokers' association API: AWS's SDK with the operator's key, no retries. */
final class Eks implements AutoCloseable {

  private static final Duration ATTEMPT = Duration.ofSeconds(15);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private final LocalMesh mesh;
  private final Map<BrokerMember, EksClient> clients = new ConcurrentHashMap<>();

  Eks(ScenarioMesh mesh) {
    this.mesh = mesh.mesh();
  }

  /** The outcome of a decided creation. */
  sealed interface Created {
    /** The association exists now. */
    record Won(String id) implements Created {}

    /** Another association exists: the API's message. */
    record Taken(String message) implements Created {}
  }

  /** The client of one broker. */
  EksClient of(BrokerMember broker) {
    return clients.computeIfAbsent(broker, one -> OperatorApi.of(mesh, one, ATTEMPT));
  }

  LocalMesh mesh() {
    return mesh;
  }

  String cluster() {
    return mesh.options().cluster().name();
  }

  CreatePodIdentityAssociationRequest request(String namespace, String serviceAccount) {
    return CreatePodIdentityAssociationRequest.builder()
        .clusterName(cluster())
        .namespace(namespace)
        .serviceAccount(serviceAccount)
        .roleArn(ScenarioMesh.role(serviceAccount))
        .clientRequestToken(UUID.randomUUID().toString())
        .build();
  }

  /** Creates an association through one broker, without handling the SDK's exceptions. */
  PodIdentityAssociation create(BrokerMember broker, String namespace, String serviceAccount) {
    return of(broker)
        .createPodIdentityAssociation(request(namespace, serviceAccount))
        .association();
  }

  /** Sends the request to one broker after the other, with one token, until it is decided. */
  Created decide(int first, String namespace, String serviceAccount) {
    return decide(first, request(namespace, serviceAccount));
  }

  Created decide(int first, CreatePodIdentityAssociationRequest request) {
    List<BrokerMember> brokers = mesh.brokers();
    AtomicInteger next = new AtomicInteger(first);
    return untilDecided(
        () -> {
          EksClient client = of(brokers.get(next.getAndIncrement() % brokers.size()));
          try {
            return new Created.Won(
                client.createPodIdentityAssociation(request).association().associationId());
          } catch (ResourceInUseException e) {
            return new Created.Taken(e.awsErrorDetails().errorMessage());
          }
        });
  }

  /**
   * Repeats the request after short pauses until a writer decides it. The request must have a
   * client request token.
   */
  <T> T untilDecided(Supplier<T> request) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try {
        return request.get();
      } catch (ClientException e) {
        throw e;
      } catch (SdkException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public void close() {
    clients.values().forEach(EksClient::close);
  }
}
