package io.claviger.broker.ingress.admission;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.ingress.admission.Verdict.Injected;
import io.claviger.broker.ingress.admission.Verdict.Untouched;
import io.claviger.broker.ingress.admission.Verdict.Why;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.EventBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a new pod gets, by the association of its service account. Thread-safe. */
public final class PodAdmission {

  /** On a pod; whatever its value. */
  static final String OPT_OUT = "eks.amazonaws.com/skip-pod-identity-webhook";

  /** A static pod's image in the API: it may not have tokens, and would be refused with one. */
  static final String MIRROR = "kubernetes.io/config.mirror";

  private static final Logger LOG = LoggerFactory.getLogger(PodAdmission.class);

  private final Injection what;
  private final Ports ports;
  private final String member;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final AtomicBoolean behind = new AtomicBoolean();

  /** Whom it asks, and whom it tells. */
  public record Ports(
      Associations associations, ServiceAccountAnnotations annotations, AuditLog audit) {}

  /**
   * For the pods of one cluster.
   *
   * @param member this broker's name, in events
   * @param random of [0, 1)
   */
  public PodAdmission(
      Injection what, Ports ports, String member, InstantSource clock, DoubleSupplier random) {
    this.what = what;
    this.ports = ports;
    this.member = member;
    this.clock = clock;
    this.random = random;
  }

  /** Decides, within the deadlines of whom it asks; records what was injected. */
  CompletionStage<Verdict> decide(NewPod asked) {
    Pod pod = asked.pod();
    if (pod.metadata().hasLabel(OPT_OUT) || pod.metadata().hasAnnotation(MIRROR)) {
      return CompletableFuture.completedFuture(new Untouched(Why.NOT_MEANT));
    }
    AssociationKey key =
        new AssociationKey(what.cluster(), asked.namespace(), pod.spec().account());
    return ports
        .associations()
        .find(key, Position.NONE)
        .thenCompose(
            lookup -> {
              report(lookup instanceof Lookup.Behind);
              return switch (lookup) {
                case Lookup.Found found -> inject(asked, found.association());
                case Lookup.Absent absent -> untouched(Why.NO_ASSOCIATION);
                case Lookup.Behind late -> untouched(Why.UNKNOWN);
              };
            });
  }

  private static CompletionStage<Verdict> untouched(Why why) {
    return CompletableFuture.completedFuture(new Untouched(why));
  }

  private CompletionStage<Verdict> inject(NewPod asked, Association association) {
    return wishes(asked)
        .thenApply(
            wishes -> {
              List<PatchOperation> patch =
                  PodPatch.of(asked.pod(), what, wishes, wishes.tokenSeconds(random));
              if (patch.isEmpty()) {
                return new Untouched(Why.COMPLETE);
              }
              if (!asked.dryRun()) {
                ports.audit().record(injected(asked, association));
              }
              return new Injected(patch);
            });
  }

  /** The pod's own first, then those of its service account. */
  private CompletionStage<Wishes> wishes(NewPod asked) {
    Wishes own = Wishes.of(asked.pod().metadata().annotations());
    return own.isComplete()
        ? CompletableFuture.completedFuture(own)
        : ports
            .annotations()
            .of(asked.namespace(), asked.pod().spec().account())
            .thenApply(said -> own.or(Wishes.of(said)));
  }

  private CredentialEvent injected(NewPod asked, Association association) {
    Pod.Metadata named = asked.pod().metadata();
    EventBuilder event =
        CredentialEvent.of(
                CredentialEvent.Type.INJECTED, clock.instant(), member, association.cluster())
            .of(asked.namespace(), association.spec().serviceAccount())
            .under(association.id(), association.revision())
            .role(roleOf(association.spec()));
    return (named.name() == null
            ? event.because(null, "named " + named.generateName() + "*")
            : event.pod(named.name(), null))
        .build();
  }

  private static String roleOf(AssociationSpec spec) {
    return Objects.requireNonNullElse(spec.targetRoleArn(), spec.roleArn());
  }

  /** Once when it begins and once when it ends. */
  private void report(boolean isBehind) {
    if (behind.compareAndSet(!isBehind, isBehind)) {
      if (isBehind) {
        LOG.atWarn().log("the association table is behind; the failure policy decides about pods");
      } else {
        LOG.atInfo().log("the association table has caught up; pods get what they need");
      }
    }
  }
}
