package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.net.HttpURLConnection;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease, with one log message when requests for it start to fail, and one when they succeed
 * again. The elector itself would log each attempt with a stack trace; logback.xml silences it.
 */
final class ReportedLease extends LeaseLock {

  private static final Logger LOG = LoggerFactory.getLogger(ReportedLease.class);

  private final ObjectOptions options;
  private final Set<String> failing;

  /**
   * The Lease with this broker's identity.
   *
   * @param failing the verbs that failed last; kept from one elector to the next
   */
  ReportedLease(ObjectOptions options, Set<String> failing) {
    super(options.leaseNamespace(), ObjectLease.NAME, options.identity());
    this.options = options;
    this.failing = failing;
  }

  @Override
  public LeaderElectionRecord get(KubernetesClient client) {
    return reported("get", () -> super.get(client));
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    reported(
        "create",
        () -> {
          super.create(client, record);
          return record;
        });
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    reported(
        "update",
        () -> {
          super.update(client, record);
          return record;
        });
  }

  private LeaderElectionRecord reported(String verb, Supplier<LeaderElectionRecord> call) {
    try {
      LeaderElectionRecord record = call.get();
      report(verb, null);
      return record;
    } catch (KubernetesClientException e) {
      // Another broker was quicker, which is normal for a Lease.
      report(verb, e.getCode() == HttpURLConnection.HTTP_CONFLICT ? null : e);
      throw e;
    }
  }

  private void report(String verb, @Nullable KubernetesClientException failure) {
    if (failure == null ? !failing.remove(verb) : !failing.add(verb)) {
      return;
    }
    if (failure == null) {
      LOG.atInfo()
          .addKeyValue("cluster", options.cluster())
          .addKeyValue("verb", verb)
          .log("the lease for objects can be acquired again");
    } else {
      LOG.atWarn()
          .addKeyValue("cluster", options.cluster())
          .addKeyValue("lease", options.leaseNamespace() + "/" + ObjectLease.NAME)
          .addKeyValue("verb", verb)
          .addKeyValue("cause", failure.toString())
          .log(
              "the lease for objects cannot be acquired, retrying: this broker does not act on"
                  + " objects until the API server answers and grants the lease");
    }
  }
}
