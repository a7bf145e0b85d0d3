package io.claviger.scenario;

import java.net.URI;
import java.nio.file.Path;

/**
 * A pod as an AWS SDK in it sees itself: its two environment variables.
 *
 * @param credentials {@code AWS_CONTAINER_CREDENTIALS_FULL_URI}
 * @param tokenFile {@code AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE}
 */
public record PodEnvironment(URI credentials, Path tokenFile) {}
