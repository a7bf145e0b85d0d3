package io.claviger.scenario;

import java.net.URI;
import java.nio.file.Path;

/**
 * The environment of an AWS SDK in a pod: its two variables.
 *
 * @param credentials {@code AWS_CONTAINER_CREDENTIALS_FULL_URI}
 * @param tokenFile {@code AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE}
 */
public record PodEnvironment(URI credentials, Path tokenFile) {}
