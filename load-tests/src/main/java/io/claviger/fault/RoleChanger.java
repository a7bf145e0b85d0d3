package io.claviger.fault;

import io.claviger.checker.RoleHistory;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.OperatorApi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.ClientException;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;

/**
 * Changes roles of service accounts through all brokers, as an operator does with the AWS SDK.
 * Records each request and each acknowledgement. If a change is undecided, it repeats the request
 * with the same token until it is decided.
 */
final class RoleChanger implements AutoCloseable {

  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  /** Longer than any fault delays the decision on a change. */
  private static final Duration DECIDED = Duration.ofHours(1);

  private static final Duration AGAIN = Duration.ofMillis(50);

  private final LocalMesh mesh;
  private final RoleHistory history;
  private final List<EksClient> brokers = new ArrayList<>();
  private final Map<String, String> ids = new HashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private volatile @Nullable MeshException failed;
  private Thread changing = Thread.ofVirtual().unstarted(() -> {});

  RoleChanger(LocalMesh mesh, RoleHistory history) {
    this.mesh = mesh;
    this.history = history;
    mesh.brokers().forEach(broker -> brokers.add(OperatorApi.of(mesh, broker, ATTEMPT)));
  }

  /** The ARN of a version of a service account's role. */
  private String role(String serviceAccount, int version) {
    return "arn:aws:iam::%s:role/pods/%s-v%d"
        .formatted(mesh.options().cluster().account(), serviceAccount, version);
  }

  /** Gives a service account its first role; waits for the acknowledgement. */
  void create(String namespace, String serviceAccount) throws InterruptedException {
    String workload = namespace + "/" + serviceAccount;
    String role = role(serviceAccount, 0);
    String token = UUID.randomUUID().toString();
    RoleHistory.Change change = history.asked(workload, role, Instant.now());
    untilDecided(
        eks ->
            ids.put(
                workload,
                eks.createPodIdentityAssociation(
                        request ->
                            request
                                .clusterName(mesh.options().cluster().name())
                                .namespace(namespace)
                                .serviceAccount(serviceAccount)
                                .roleArn(role)
                                .clientRequestToken(token))
                    .association()
                    .associationId()));
    change.acknowledged(Instant.now());
  }

  /**
   * Changes roles of these service accounts in turn, until closed. It changes each twice, so that
   * answers for the first change are in flight during the second one.
   *
   * @param every from one service account to the next
   * @param apart from the first change of a service account to its second
   */
  void start(String namespace, List<String> serviceAccounts, Duration every, Duration apart) {
    changing =
        Thread.ofPlatform()
            .name("role-changes")
            .daemon()
            .start(
                () -> {
                  try {
                    for (int number = 0; running.get(); number++) {
                      String account = serviceAccounts.get(number % serviceAccounts.size());
                      int version = 1 + 2 * (number / serviceAccounts.size());
                      TimeUnit.NANOSECONDS.sleep(every.toNanos());
                      change(namespace, account, version);
                      TimeUnit.NANOSECONDS.sleep(apart.toNanos());
                      change(namespace, account, version + 1);
                    }
                  } catch (InterruptedException e) {
                    // Closed: the running change needs no result.
                  } catch (MeshException e) {
                    failed = e;
                  }
                });
  }

  private void change(String namespace, String serviceAccount, int version)
      throws InterruptedException {
    String workload = namespace + "/" + serviceAccount;
    String role = role(serviceAccount, version);
    String token = UUID.randomUUID().toString();
    RoleHistory.Change change = history.asked(workload, role, Instant.now());
    untilDecided(
        eks ->
            eks.updatePodIdentityAssociation(
                request ->
                    request
                        .clusterName(mesh.options().cluster().name())
                        .associationId(ids.get(workload))
                        .roleArn(role)
                        .clientRequestToken(token)));
    change.acknowledged(Instant.now());
    changes.incrementAndGet();
  }

  private interface Request {
    void to(EksClient broker);
  }

  private void untilDecided(Request request) throws InterruptedException {
    long late = System.nanoTime() + DECIDED.toNanos();
    while (true) {
      try {
        request.to(brokers.get(turn.getAndIncrement() % brokers.size()));
        return;
      } catch (ClientException | ResourceInUseException e) {
        throw new MeshException("a change was refused: " + e.getMessage(), e);
      } catch (SdkException e) {
        if (System.nanoTime() - late > 0) {
          throw new MeshException("a change was not decided: " + e.getMessage(), e);
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
      }
    }
  }

  /** The number of acknowledged changes, without first roles. */
  int changes() {
    return changes.get();
  }

  /**
   * Stops the changes; a running one may or may not be done.
   *
   * @throws MeshException when one was refused, or never decided
   */
  @Override
  public void close() throws InterruptedException {
    running.set(false);
    changing.interrupt();
    changing.join();
    brokers.forEach(EksClient::close);
    MeshException failure = failed;
    if (failure != null) {
      throw failure;
    }
  }
}
