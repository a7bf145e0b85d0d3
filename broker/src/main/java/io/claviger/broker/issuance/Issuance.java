package io.claviger.broker.issuance;

import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Permissions;
import io.claviger.broker.association.RevocationListener;
import io.claviger.broker.audit.AuditLog;
import io.claviger.schemas.association.Association;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/** The package, put together: what it offers to the others, made of what it needs from them. */
public final class Issuance implements AutoCloseable {

  private final SessionPlanner planner;
  private final SessionEvents events;
  private final Sessions sessions;
  private final SessionOpener opener;
  private final CredentialIssuer issuer;
  private final OwnerHandler handler;
  private final AssociationListener invalidation;

  /**
   * What the package needs.
   *
   * @param associations the table
   * @param roleSessions opens sessions
   * @param quotas how often STS may be called
   * @param store what all brokers share
   * @param owners says who opens a session
   * @param peers asks other brokers
   * @param audit takes events
   * @param permissions says whether an association may give its role
   */
  public record Ports(
      Associations associations,
      RoleSessions roleSessions,
      Quotas quotas,
      SessionStore store,
      SessionOwners owners,
      PeerSessions peers,
      AuditLog audit,
      Permissions permissions) {}

  /**
   * What the package runs on.
   *
   * @param clock what time it is
   * @param random between 0 and 1, so that retries spread
   * @param scheduler where results are handled and deadlines run: a single thread of its own is
   *     enough; nothing on it blocks
   */
  public record Environment(
      InstantSource clock, DoubleSupplier random, Scheduler scheduler, MeterRegistry meters) {}

  /**
   * Puts it together.
   *
   * @param member this broker's name, in events
   * @param clusters the registered clusters by their names
   */
  public Issuance(
      String member,
      Map<String, ClusterProfile> clusters,
      Ports ports,
      IssuanceLimits limits,
      Environment environment) {
    planner = new SessionPlanner(clusters, limits.sessionDuration());
    events = new SessionEvents(ports.audit(), member, environment.clock());
    sessions = new Sessions(ports.store(), environment.scheduler());
    opener = new SessionOpener(ports, sessions, events, limits, environment);
    OwnerRoute route = new OwnerRoute(ports, opener, limits, environment);
    issuer = new SessionIssuer(ports, planner, sessions, route, events, limits, environment);
    handler = new OwnerHandler(ports.associations(), planner, opener, environment.scheduler());
    invalidation = new SessionInvalidation(sessions, events);
  }

  /** Issues credentials to verified workloads. */
  public CredentialIssuer issuer() {
    return issuer;
  }

  /** Opens sessions for other brokers. */
  public OwnerHandler handler() {
    return handler;
  }

  /**
   * To be told of every revocation in the table.
   *
   * @param associations those of a cluster
   */
  public RevocationListener revocations(Function<String, Collection<Association>> associations) {
    return new RevokedSessions(associations, planner, sessions, events);
  }

  /** To be told of every change of the table. */
  public AssociationListener invalidation() {
    return invalidation;
  }

  /** Opens no more sessions; whoever waits is answered that this broker is stopping. */
  @Override
  public void close() {
    opener.close();
    sessions.close();
  }
}
