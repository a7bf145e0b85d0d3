package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.claviger.localmesh.ProjectLayout;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SBOMs of the build list exactly the shipped libraries. */
@Tag("ci")
final class SbomIT {

  private static final Pattern PURL =
      Pattern.compile("pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar");
  private static final ProjectLayout LAYOUT = ProjectLayout.find();

  /** The SBOM of a program. Maven creates none while it is offline. */
  private static JsonObject sbom(String program) throws IOException {
    assumeFalse(
        "offline=true".equals(System.getProperty("claviger.maven")), "not run: Maven is offline");
    return new JsonObject(Files.readString(LAYOUT.built(program).resolve(program + ".cdx.json")));
  }

  private static Stream<JsonObject> components(String program) throws IOException {
    return sbom(program).getJsonArray("components").stream().map(JsonObject.class::cast);
  }

  private static String jar(JsonObject component) {
    String purl = component.getString("purl");
    Matcher parts = PURL.matcher(purl);
    assertThat(parts.matches()).as(purl).isTrue();
    String classifier = parts.group(3) == null ? "" : "-" + parts.group(3);
    return parts.group(1) + "-" + parts.group(2) + classifier + ".jar";
  }

  private static String digest(JsonObject component) {
    return component.getJsonArray("hashes").stream()
        .map(JsonObject.class::cast)
        .filter(hash -> hash.getString("alg").equals("SHA-256"))
        .map(hash -> hash.getString("content"))
        .findFirst()
        .orElseThrow();
  }

  private static String digest(Path jar) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "node-edge"})
  void itNamesTheJarsThatAreShipped(String program) throws IOException {
    Map<String, String> named =
        components(program).collect(Collectors.toMap(SbomIT::jar, SbomIT::digest));

    try (Stream<Path> lib = Files.list(LAYOUT.built(program).resolve("lib"))) {
      assertThat(named)
          .isEqualTo(
              lib.collect(Collectors.toMap(jar -> jar.getFileName().toString(), SbomIT::digest)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "node-edge"})
  void itIsTheSameForTheSameSources(String program) throws IOException {
    JsonObject sbom = sbom(program);

    assertThat(sbom.getString("specVersion")).isEqualTo("1.6");
    assertThat(sbom.containsKey("serialNumber")).isFalse();
    assertThat(sbom.getJsonObject("metadata").containsKey("timestamp")).isFalse();
    assertThat(sbom.getJsonObject("metadata").getJsonObject("component").getString("name"))
        .isEqualTo(program);
  }

  @Test
  void thatOfAnEdgeHasNothingOfTheBrokersSide() throws IOException {
    assertThat(components("node-edge").map(component -> component.getString("purl")))
        .isNotEmpty()
        .noneMatch(
            purl ->
                purl.startsWith("pkg:maven/com.hazelcast/")
                    || purl.startsWith("pkg:maven/org.apache.kafka/")
                    || purl.startsWith("pkg:maven/software.amazon.awssdk/"));
  }
}
