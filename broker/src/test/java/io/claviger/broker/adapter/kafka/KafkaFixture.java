package io.claviger.broker.adapter.kafka;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/**
 * Gives tests one {@link RunningKafka} for the whole run, in this process. If {@code
 * CLAVIGER_KAFKA_IMAGE} (a system property or environment variable) names an image and a container
 * engine answers, it runs in a container. All tests share it, so each test uses its own cluster.
 */
public final class KafkaFixture implements ParameterResolver {

  static final String IMAGE = "CLAVIGER_KAFKA_IMAGE";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RunningKafka.class;
  }

  @Override
  public RunningKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(KafkaFixture.class))
        .getOrComputeIfAbsent("kafka", key -> start(), RunningKafka.class);
  }

  private static RunningKafka start() {
    return Optional.ofNullable(System.getProperty(IMAGE, System.getenv(IMAGE)))
        .filter(image -> !image.isBlank() && DockerClientFactory.instance().isDockerAvailable())
        .map(RunningKafka::container)
        .orElseGet(RunningKafka::embedded);
  }
}
