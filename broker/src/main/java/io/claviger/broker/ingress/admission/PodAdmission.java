package io.claviger.broker.ingress.admission;

import static java.util.stream.Collectors.joining;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.association.DeclaredAssociations;
import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.claviger.broker.ingress.admission.AdmissionDecision.Injected;
import io.claviger.broker.ingress.admission.AdmissionDecision.Untouched;
import io.claviger.broker.ingress.admission.AdmissionDecision.Why;
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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether to inject a new pod, by the association of its service account or by a declared
 * one. Thread-safe.
 */
public final class PodAdmission {

  /** A label of a pod, with any value. */
  static final String OPT_OUT = "eks.amazonaws.com/skip-pod-identity-webhook";

  /** Marks the mirror of a static pod. It may not have tokens; the API server would reject it. */
  static final String MIRROR = "kubernetes.io/config.mirror";

  /** A namespace and a service account that each cluster has. */
  private static final String DEFAULT = "default";

  private static final String DECLARED = "declared by an object that is not applied yet";
  private static final String ALWAYS = NewPod.INJECT + "=" + NewPod.ALWAYS;

  private static final Logger LOG = LoggerFactory.getLogger(PodAdmission.class);

  private final Injection what;
  private final Ports ports;
  private final String member;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final AtomicBoolean behind = new AtomicBoolean();

  /** The sources of the decision, and the receivers of its results. */
  public record Ports(
      Associations associations,
      DeclaredAssociations declared,
      ServiceAccountAnnotations accounts,
      AuditLog audit,
      UninjectedPods uninjected) {}

  /**
   * Creates the admission of one cluster's pods.
   *
   * @param member this broker's name, in events
   * @param random values of [0, 1)
   */
  public PodAdmission(
      Injection what, Ports ports, String member, InstantSource clock, DoubleSupplier random) {
    this.what = what;
    this.ports = ports;
    this.member = member;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Sends the API server the requests of a review, to open connections and load classes before the
   * first review. It sends them twice: on a busy machine, the first call may time out.
   */
  CompletionStage<?> prepare() {
    return askForDefault().thenCompose(first -> askForDefault());
  }

  private CompletionStage<?> askForDefault() {
    return ports
        .accounts()
        .of(DEFAULT, DEFAULT)
        .thenCombine(ports.declared().find(DEFAULT, DEFAULT), (said, answer) -> answer);
  }

  /** Decides within the deadlines of its sources, and records an injection. */
  CompletionStage<AdmissionDecision> decide(NewPod asked) {
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
                case Lookup.Found found -> inject(asked, found.association(), "");
                case Lookup.Absent absent -> unassociated(asked, key, Why.NO_ASSOCIATION);
                // Even if the table is behind, objects may declare the association.
                case Lookup.Behind late -> unassociated(asked, key, Why.UNKNOWN);
              };
            });
  }

  /**
   * Decides about a pod without an association in the table. If one apply creates both the pod and
   * its association object, the pod comes first. A service account may also require injection in
   * any case. Both look-ups run concurrently, because the pod's creation waits.
   */
  private CompletionStage<AdmissionDecision> unassociated(
      NewPod asked, AssociationKey key, Why otherwise) {
    if (asked.isAlways()) {
      return inject(asked, null, ALWAYS);
    }
    CompletionStage<Answer> declared = ports.declared().find(key.namespace(), key.serviceAccount());
    return account(asked)
        .thenCompose(
            said ->
                NewPod.ALWAYS.equals(said.labels().get(NewPod.INJECT))
                    ? CompletableFuture.completedFuture(inject(asked, null, ALWAYS, said))
                    : declared.thenApply(answer -> declared(asked, key, said, answer, otherwise)));
  }

  private AdmissionDecision declared(
      NewPod asked, AssociationKey key, ServiceAccountMetadata said, Answer answer, Why otherwise) {
    if (answer == Answer.DECLARED) {
      return inject(asked, null, DECLARED, said);
    }
    if (!asked.dryRun()) {
      // Also if the answer is unknown: the failurePolicy may have let the pod start.
      ports.uninjected().left(key);
    }
    return new Untouched(answer == Answer.UNKNOWN ? Why.UNKNOWN : otherwise);
  }

  private CompletionStage<ServiceAccountMetadata> account(NewPod asked) {
    return ports.accounts().of(asked.namespace(), asked.pod().spec().account());
  }

  /** Injects. Reads the service account only if the pod's own annotations are incomplete. */
  private CompletionStage<AdmissionDecision> inject(
      NewPod asked, @Nullable Association association, String because) {
    CompletionStage<ServiceAccountMetadata> said =
        InjectionOptions.of(asked.pod().metadata().annotations()).isComplete()
            ? CompletableFuture.completedFuture(ServiceAccountMetadata.NONE)
            : account(asked);
    return said.thenApply(metadata -> inject(asked, association, because, metadata));
  }

  /**
   * Injects. The pod's own annotations precede those of its service account.
   *
   * @param because the reason for an injection without an association; otherwise empty
   */
  private AdmissionDecision inject(
      NewPod asked,
      @Nullable Association association,
      String because,
      ServiceAccountMetadata said) {
    InjectionOptions options =
        InjectionOptions.of(asked.pod().metadata().annotations())
            .or(InjectionOptions.of(said.annotations()));
    List<PatchOperation> patch =
        PodPatch.of(asked.pod(), what, options, options.tokenSeconds(random));
    if (patch.isEmpty()) {
      return new Untouched(Why.COMPLETE);
    }
    if (!asked.dryRun()) {
      ports.audit().record(injected(asked, association, because));
    }
    return new Injected(patch);
  }

  private CredentialEvent injected(
      NewPod asked, @Nullable Association association, String because) {
    Pod.Metadata named = asked.pod().metadata();
    EventBuilder event =
        CredentialEvent.of(CredentialEvent.Type.INJECTED, clock.instant(), member, what.cluster())
            .of(asked.namespace(), asked.pod().spec().account());
    String name = "";
    if (named.name() == null) {
      name = "named " + named.generateName() + "*";
    } else {
      event.pod(named.name(), null);
    }
    if (association != null) {
      event.under(association.id(), association.revision()).role(roleOf(association.spec()));
    }
    String message =
        Stream.of(name, because).filter(Predicate.not(String::isEmpty)).collect(joining("; "));
    return message.isEmpty() ? event.build() : event.because(null, message).build();
  }

  private static String roleOf(AssociationSpec spec) {
    return Objects.requireNonNullElse(spec.targetRoleArn(), spec.roleArn());
  }

  /** Logs once when the table falls behind, and once when it has caught up. */
  private void report(boolean isBehind) {
    if (behind.compareAndSet(!isBehind, isBehind)) {
      if (isBehind) {
        LOG.atWarn()
            .log("the association table is behind: the failurePolicy decides whether pods start");
      } else {
        LOG.atInfo().log("the association table has caught up: pods are injected again");
      }
    }
  }
}
