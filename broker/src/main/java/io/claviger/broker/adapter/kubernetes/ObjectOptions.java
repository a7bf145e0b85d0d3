package io.claviger.broker.adapter.kubernetes;

import io.claviger.schemas.Check;
import java.time.Duration;

/**
 * How a broker acts on the objects of one cluster.
 *
 * @param cluster the registered name
 * @param leaseNamespace the namespace of the Lease that selects the broker
 * @param identity of this broker, unique among brokers
 * @param finalizer whether an object is kept until its association is deleted
 * @param finalizerTimeout the maximum time for which it is kept
 * @param resync the interval of full comparisons
 * @param lease the Lease's times
 */
public record ObjectOptions(
    String cluster,
    String leaseNamespace,
    String identity,
    boolean finalizer,
    Duration finalizerTimeout,
    Duration resync,
    LeaseTimes lease) {

  public ObjectOptions {
    Check.text(cluster, "cluster");
    Check.text(leaseNamespace, "leaseNamespace");
    Check.text(identity, "identity");
    Check.present(finalizerTimeout, "finalizerTimeout");
    Check.present(resync, "resync");
    Check.present(lease, "lease");
  }

  /**
   * Times of a Lease.
   *
   * @param duration after which others may take it
   * @param renewal the deadline of its holder to renew it
   * @param retry between attempts
   */
  public record LeaseTimes(Duration duration, Duration renewal, Duration retry) {

    /** The defaults of Kubernetes' own controllers. */
    public static final LeaseTimes USUAL =
        new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
  }
}
