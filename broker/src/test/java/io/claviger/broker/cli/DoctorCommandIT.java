package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.claviger.broker.cli.CommandFixture.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code doctor} against an endpoint, a broker's management port and an API, all over HTTP. */
final class DoctorCommandIT {

  private final CommandFixture api = new CommandFixture();
  private final Map<String, String> environment = new HashMap<>();
  private HttpServer server;
  private String token = "";
  private int status = 200;
  private String reason = "";
  private String body = "";

  @TempDir private Path directory;

  @BeforeEach
  void aPodOnANode() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/credentials", this::credentials);
    server.createContext("/readyz", exchange -> answer(exchange, 200, "ready\n"));
    server.start();
    token = token();
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", address() + "/v1/credentials");
    environment.put(
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        Files.writeString(directory.resolve("token"), token).toString());
    environment.put("AWS_REGION", "eu-central-1");
    body =
        """
        {"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"very-secret","Token":"very-session",
         "AccountId":"123456789012","Expiration":"%s"}
        """
            .formatted(Instant.now().plus(Duration.ofMinutes(50)));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    api.close();
  }

  private static String token() throws Exception {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer("https://issuer.example")
            .audience("pods.eks.amazonaws.com")
            .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
            .claim(
                "kubernetes.io",
                Map.of(
                    "namespace", "shop",
                    "serviceaccount", Map.of("name", "checkout"),
                    "pod", Map.of("name", "checkout-0"),
                    "node", Map.of("name", "node-1")))
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    jwt.sign(new MACSigner(new byte[32]));
    return jwt.serialize();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void credentials(HttpExchange exchange) throws IOException {
    assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo(token);
    if (!reason.isEmpty()) {
      exchange.getResponseHeaders().add("Claviger-Reason", reason);
    }
    answer(exchange, status, body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Ran doctor(String... options) {
    return api.run(new CommandLine(new DoctorCommand(environment)), options);
  }

  @Test
  void saysThatAPodHasCredentialsAndNoSecret() {
    Ran ran = doctor("--broker-management", address());

    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .containsPattern("ok {4}credentials +— ASIAEXAMPLE of account 123456789012, good for")
        .containsPattern("ok {4}broker ")
        .doesNotContain("very-secret", "very-session", token);
  }

  @Test
  void failsWithTheFixOfTheReasonThatTheEndpointGives() {
    status = 403;
    reason = "ROLE_DENIED";
    body = "{\"code\":\"AccessDeniedException\",\"message\":\"role x does not trust the brokers\"}";

    Ran ran = doctor("-o", "json");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains(
            "\"status\": \"FAIL\"",
            "AccessDeniedException: role x does not trust the brokers",
            "cluster/one --namespace shop --service-account checkout");
  }

  @Test
  void asksTheApiAboutAServiceAccount() {
    Ran none = doctor("--workload", "shop/checkout");

    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out())
        .contains(
            "create-pod-identity-association --endpoint-url BROKERS_API_URL --cluster-name one --namespace shop --service-account checkout");

    api.eks.add("shop", "checkout", role());
    Ran there = doctor("--workload", "shop/checkout");

    assertThat(there.code()).as(there.out()).isZero();
    assertThat(there.out()).contains("shop/checkout has " + role());
  }

  private static String role() {
    return CommandFixture.role("checkout");
  }

  @Test
  void aWorkloadHasTwoNames() {
    assertThat(doctor("--workload", "shop").code()).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}
