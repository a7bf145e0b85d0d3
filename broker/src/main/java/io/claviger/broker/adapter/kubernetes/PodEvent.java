package io.claviger.broker.adapter.kubernetes;

import io.claviger.schemas.workload.WorkloadIdentity;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * A warning as an Event (core v1) on its pod. The name is derived from pod and reason, so that all
 * brokers write to the same Event.
 *
 * @param reason one word in camel case
 * @param count how often this broker has seen it
 */
record PodEvent(
    WorkloadIdentity pod, String reason, String message, String broker, int count, Instant when) {

  /** The limit of the API server. */
  private static final int MAX_MESSAGE = 1024;

  /** The maximum length of the pod's part of the name: 253, less a dot and the suffix. */
  private static final int MAX_POD_NAME = 253 - 17;

  /** Identifies one Event. */
  record Subject(String podUid, String reason) {}

  String path() {
    return "/api/v1/namespaces/" + pod.namespace() + "/events";
  }

  String name() {
    String both = pod.podUid() + "/" + reason;
    long suffix =
        UUID.nameUUIDFromBytes(both.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
    String name = pod.podName();
    return "%s.%016x"
        .formatted(name.length() > MAX_POD_NAME ? name.substring(0, MAX_POD_NAME) : name, suffix);
  }

  Event created() {
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(pod.namespace())
        .withName(name())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(pod.namespace())
        .withName(pod.podName())
        .withUid(pod.podUid())
        .endInvolvedObject()
        .withType("Warning")
        .withReason(reason)
        .withMessage(text())
        .withNewSource()
        .withComponent("claviger")
        .endSource()
        .withReportingComponent("claviger.io/broker")
        .withReportingInstance(broker)
        .withFirstTimestamp(timestamp())
        .withLastTimestamp(timestamp())
        .withCount(count)
        .build();
  }

  /** Returns the fields that change when it happens again. */
  Map<String, Object> counted() {
    return Map.of("count", count, "lastTimestamp", timestamp(), "message", text());
  }

  private String text() {
    return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
  }

  private String timestamp() {
    return when.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
